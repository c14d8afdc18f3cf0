import { type Deployment, LiveletError, parseDeployment } from '@livelet/core/wire';
import { readSmallFile } from './files.js';

/**
 * The deployment in `file`, as the relay wrote it.
 * @throws `config-unreadable` (data: file, problem), `deployment-invalid`
 */
export async function readDeployment(file: string): Promise<Deployment> {
  const text = await readSmallFile(file);
  if (text !== undefined) return parseDeployment(text);
  throw new LiveletError('config-unreadable', `${file}: ENOENT`, { data: { file, problem: 'ENOENT' } });
}
