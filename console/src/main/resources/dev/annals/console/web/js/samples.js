/** What the README sends first, for an installation in which there is nothing yet. */

/** @typedef {{method: string, path: string, body: unknown}} Sample */
/** @typedef {{title: string, says: string, type: string, id: string, needs: string, commands: Sample[]}} Story */

/** @param {string} path @param {unknown} body @returns {Sample} */
function post(path, body) {
  return {method: 'POST', path, body};
}

/** @type {Story[]} */
export const STORIES = [
  {
    title: 'An account',
    says: 'opened, paid in to, drawn from',
    type: 'accounts',
    id: 'ada',
    needs: 'accounts',
    commands: [
      post('/v1/accounts/ada/OpenAccount', {owner: 'Ada', currency: 'EUR', overdraftLimit: '100'}),
      post('/v1/accounts/ada/Deposit', {amount: '12.5'}),
      post('/v1/accounts/ada/Withdraw', {amount: '40'}),
    ],
  },
  {
    title: 'An order',
    says: 'placed, changed, paid, shipped',
    type: 'orders',
    id: 'o-100',
    needs: 'orders',
    commands: [
      post('/v1/orders/o-100/PlaceOrder', {
        country: 'France', currency: 'EUR',
        lines: [
          {sku: '85123A', description: 'White hanging heart', quantity: 6, unitPrice: '2.55'},
          {sku: '71053', description: 'White metal lantern', quantity: 6, unitPrice: '3.39'},
        ],
      }),
      {
        method: 'PUT', path: '/v1/orders/o-100',
        body: {lines: [
          {sku: '85123A', description: 'White hanging heart', quantity: 8, unitPrice: '2.55'},
          {sku: '22752', description: 'Set of nesting boxes', quantity: 2, unitPrice: '7.65'},
        ]},
      },
      post('/v1/orders/o-100/PayOrder', {method: 'card', amount: '35.7'}),
      post('/v1/orders/o-100/ShipOrder', {carrier: 'DHL', trackingNumber: 'JD014600'}),
    ],
  },
  {
    title: 'A conference',
    says: 'with seats that are never sold twice',
    type: 'seats',
    id: 'javazone',
    needs: 'seats',
    commands: [
      post('/v1/seats/javazone/OpenConference', {name: 'JavaZone', capacity: 10}),
      post('/v1/seats/javazone/ReserveSeats', {reservationId: 'ada', seats: 7}),
      post('/v1/seats/javazone/CancelReservation', {reservationId: 'ada'}),
    ],
  },
];
