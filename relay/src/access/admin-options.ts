import { join } from 'node:path';
import { LiveletError, type RelayApi, relayApi } from '@livelet/core/wire';
import {
  loadIdentityFile,
  type OptionValues,
  readDeployment,
  stateDirectory,
  textOption,
} from '@livelet/program';

/** How an administrator's command reaches the relay, and as whom. */
export const ADMIN_OPTIONS = {
  deployment: textOption({
    about: 'deployment.json of the relay',
    placeholder: 'file',
    fallback: join(stateDirectory('livelet-relay', process.env), 'deployment.json'),
  }),
  identity: textOption({
    about: 'an administrator’s key, made by admin enrol',
    placeholder: 'file',
    fallback: join(stateDirectory('livelet-relay-admin', process.env), 'identity.key'),
  }),
};

/** @throws `config-unreadable`, `deployment-invalid`, `identity-unreadable` */
export async function connectAsAdmin(options: OptionValues<typeof ADMIN_OPTIONS>): Promise<RelayApi> {
  const deployment = await readDeployment(options.deployment);
  return relayApi({ deployment, identity: await loadIdentityFile(options.identity) });
}

/** @throws `option-invalid` when an option without a default wasn't given */
export function required(value: string | undefined, option: string, allowed: string): string {
  if (value !== undefined) return value;
  const data = { option: `--${option}`, source: 'command line', value: '', allowed };
  throw new LiveletError('option-invalid', `no ${option}`, { data });
}

/**
 * The id of the operator whom an administrator names: by id, or by a name that only one has who isn't revoked.
 * @throws `entry-unknown`
 */
export async function findOperator(api: RelayApi, named: string, signal: AbortSignal): Promise<string> {
  const operators = await listOperators(api, signal);
  const found = operators.filter(
    ({ id, name, revokedAt }) => id === named || (name === named && revokedAt === undefined),
  );
  const [operator] = found;
  if (operator === undefined || found.length > 1) throw new LiveletError('entry-unknown');
  return operator.id;
}

/** As the relay lists them. */
export interface ListedOperator {
  readonly id: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly role: string;
  readonly enrolledAt: number;
  readonly revokedAt?: number;
}

export async function listOperators(api: RelayApi, signal: AbortSignal): Promise<readonly ListedOperator[]> {
  const { operators } = (await api.call('GET', '/operators', undefined, signal)) as {
    readonly operators: readonly ListedOperator[];
  };
  return operators;
}
