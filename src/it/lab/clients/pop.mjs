// Node's sockets, as its mail libraries use them.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const [host, port, user, password, mode, authority] = process.argv.slice(2);
const socket = mode === 'implicit'
  ? tls.connect({ host, port: Number(port), servername: host, ca: readFileSync(authority) })
  : net.connect({ host, port: Number(port) });
const commands = [`USER ${user}`, `PASS ${password}`, 'RETR 1'];
let text = '';
let fetching = false;

function fail(message) {
  console.error(String(message));
  process.exit(1);
}

socket.setEncoding('latin1');
socket.on('error', fail);
socket.on('close', () => fail('closed'));
socket.on('data', (chunk) => {
  text += chunk;
  if (!fetching) {
    const end = text.indexOf('\r\n');
    if (end < 0) return;
    if (!text.startsWith('+OK')) fail(text);
    if (commands.length > 0) {
      text = text.slice(end + 2);
      fetching = commands.length === 1;
      socket.write(commands.shift() + '\r\n');
    }
  } else if (text.startsWith('-')) {
    fail(text);
  } else if (text.endsWith('\r\n.\r\n')) {
    process.stdout.write(text, () => {
      socket.end('QUIT\r\n');
      process.exit(0);
    });
  }
});
