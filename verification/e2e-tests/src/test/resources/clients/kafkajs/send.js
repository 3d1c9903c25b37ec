// Sends commands with schemas of its own to Annals and prints what comes of them: one line of JSON a result.
// usage: node send.js BROKER REGISTRY_URL COMMANDS_JSON
//   COMMANDS_JSON: [{"type","id","commandId","schema","payload"}]; bytes in a payload are {"hex": "…"}
const { Kafka, logLevel } = require('kafkajs')
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry')

const LIMIT_MS = 60000
const [broker, registryUrl, json] = process.argv.slice(2)
const commands = JSON.parse(json)
const registry = new SchemaRegistry({ host: registryUrl })
const kafka = new Kafka({ clientId: 'foreign', brokers: [broker], logLevel: logLevel.ERROR })

function values(payload) {
  if (Array.isArray(payload)) return payload.map(values)
  if (payload === null || typeof payload !== 'object') return payload
  if (payload.hex) return Buffer.from(payload.hex, 'hex')
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, values(value)]))
}

async function message({ type, id, commandId, schema, payload }) {
  const subject = `${type}.commands-${schema.namespace}.${schema.name}`
  const registered = await registry.register({ type: SchemaType.AVRO, schema: JSON.stringify(schema) }, { subject })
  return { key: id, value: await registry.encode(registered.id, values(payload)), headers: { ce_id: commandId } }
}

async function main() {
  const waited = new Set(commands.map((each) => each.commandId))
  const types = [...new Set(commands.map((each) => each.type))]
  const consumer = kafka.consumer({ groupId: `foreign-${process.pid}-${Date.now()}` })
  const producer = kafka.producer()
  await consumer.connect()
  await producer.connect()
  await consumer.subscribe({ topics: types.map((type) => `${type}.results`), fromBeginning: true })
  const done = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no results of ${[...waited]} within ${LIMIT_MS} ms`)), LIMIT_MS).unref()
    consumer
      .run({
        eachMessage: async ({ message }) => {
          const result = await registry.decode(message.value)
          if (waited.delete(result.commandId)) {
            console.log(JSON.stringify({ ...result, version: Number(result.version) }))
          }
          if (waited.size === 0) resolve()
        },
      })
      .catch(reject)
  })
  for (const command of commands) {
    await producer.send({ topic: `${command.type}.commands`, messages: [await message(command)] })
  }
  await done
  await producer.disconnect()
  await consumer.disconnect()
}

main().then(
  () => process.exit(0),
  (failure) => {
    console.error(failure)
    process.exit(1)
  }
)
