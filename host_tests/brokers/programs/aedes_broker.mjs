// aedes on a port of 127.0.0.1: node aedes_broker.mjs AEDES_JS PORT USER PASSWORD. Whoever names no user is let in.
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'

const [file, port, user, password] = process.argv.slice(2)
const { Aedes } = await import(pathToFileURL(file))
const broker = await Aedes.createBroker({
  heartbeatInterval: 1000,
  authenticate: (client, name, given, done) =>
    done(null, name == null || (name === user && String(given) === password))
})
createServer(broker.handle).listen(Number(port), '127.0.0.1')
