// CouchDB's protocol, spoken by PouchDB's server with everything in memory: `node pouchdb.js <port>`.
const express = require("express");
const PouchDB = ["adapter-memory", "find", "mapreduce", "replication"].reduce(
  (all, part) => all.plugin(require(`pouchdb-${part}`)),
  require("pouchdb-core"),
);
const server = require("express-pouchdb")(PouchDB.defaults({ adapter: "memory" }), {
  mode: "minimumForPouchDB",
  inMemoryConfig: true,
});
express().use("/", server).listen(Number(process.argv[2]), "127.0.0.1");
