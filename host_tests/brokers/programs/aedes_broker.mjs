// aedes on two ports of 127.0.0.1: node aedes_broker.mjs AEDES_JS WS_MJS PORT WEB_PORT USER PASSWORD. Whoever names no
// user is let in.
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'

const [file, web, port, webPort, user, password] = process.argv.slice(2)
const { Aedes } = await import(pathToFileURL(file))
const { WebSocketServer, createWebSocketStream } = await import(pathToFileURL(web))
const broker = await Aedes.createBroker({
  heartbeatInterval: 1000,
  authenticate: (client, name, given, done) =>
    done(null, name == null || (name === user && String(given) === password))
})
createServer(broker.handle).listen(Number(port), '127.0.0.1')
new WebSocketServer({ port: Number(webPort), host: '127.0.0.1' })
  .on('connection', (socket, request) => broker.handle(createWebSocketStream(socket), request))
