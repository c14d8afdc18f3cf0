// Ends with status 0 when the relay on this machine is ready. The argument is its port.
import { request } from 'node:https';

const port = Number(process.argv[2] ?? 7443);
// It is asked over loopback, and its own certificate needs no authority.
const options = { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, timeout: 4000 };
const question = request(options, (response) => process.exit(response.statusCode === 200 ? 0 : 1));
question.on('timeout', () => process.exit(1));
question.on('error', () => process.exit(1));
question.end();
