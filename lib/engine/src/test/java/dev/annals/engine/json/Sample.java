package dev.annals.engine.json;

import org.apache.avro.Schema;

/** A schema with one field of every kind. */
final class Sample {

    static final Schema SCHEMA = new Schema.Parser().parse("""
                    {"type":"record","name":"Order","namespace":"sample","doc":"An order","fields":[
                      {"name":"name","type":"string","doc":"Who","example":"Ada"},
                      {"name":"note","type":["null","string"],"default":null},
                      {"name":"remark","type":["null","string"]},
                      {"name":"currency","type":"string","default":"GBP"},
                      {"name":"total","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}},
                      {"name":"weight","type":["null",{"type":"fixed","name":"Weight","size":8,"logicalType":"decimal","precision":18,"scale":4}],"default":null},
                      {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},
                      {"name":"atMillis","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},
                      {"name":"day","type":["null",{"type":"int","logicalType":"date"}],"default":null},
                      {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["RED","BLUE"]},"default":"RED"},
                      {"name":"ref","type":["null",{"type":"string","logicalType":"uuid"}],"default":null},
                      {"name":"count","type":"int","default":0},
                      {"name":"big","type":"long","default":0},
                      {"name":"ratio","type":"double","default":0},
                      {"name":"share","type":"float","default":0},
                      {"name":"urgent","type":"boolean","default":false},
                      {"name":"blob","type":"bytes","default":""},
                      {"name":"hash","type":["null",{"type":"fixed","name":"Hash","size":2}],"default":null},
                      {"name":"tags","type":{"type":"map","values":"long"},"default":{}},
                      {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
                        {"name":"sku","type":"string"},
                        {"name":"unitPrice","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}}]}},"default":[]}
                    ]}
                    """);

    private Sample() {}
}
