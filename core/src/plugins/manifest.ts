import { Ajv, type ErrorObject } from 'ajv';
import semver from 'semver';
import { isCapability } from '../consent/capability.js';
import { CONTRACT_VERSION, type PluginManifest, type RoleManifest } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import schema from './manifest.schema.json' with { type: 'json' };

const matchesSchema = new Ajv({ allErrors: false, strict: true }).compile<PluginManifest>(schema);

/**
 * Checks a parsed `manifest.json`. Everything that can be said against it is said here, before any of the plugin's
 * code is loaded.
 * @throws `manifest-invalid` (data.where: JSON pointer), `manifest-capability-unknown`, `manifest-contract-unsupported`
 */
export function parseManifest(json: unknown): PluginManifest {
  if (!matchesSchema(json)) throw invalid(json, matchesSchema.errors?.[0]);
  for (const [name, role] of Object.entries(json.roles)) checkRole(json.id, name, role);
  checkContract(json);
  return json;
}

function invalid(json: unknown, problem: ErrorObject | undefined): LiveletError {
  const id = typeof json === 'object' && json !== null && 'id' in json ? String(json.id).slice(0, 64) : '?';
  const where = problem?.instancePath || '/';
  return new LiveletError('manifest-invalid', `manifest of ${id}: ${where} ${problem?.message ?? ''}`, {
    data: { plugin: id, where, problem: problem?.message ?? '' },
  });
}

function checkRole(plugin: string, name: string, role: RoleManifest): void {
  const named = [
    ...role.requires,
    ...role.serves.map((served) => served.capability),
    ...(role.ui ?? []).flatMap(({ capability, asks = [] }) => (capability ? [capability, ...asks] : asks)),
  ];
  const unknown = named.find((capability) => !isCapability(capability));
  if (unknown !== undefined) {
    throw new LiveletError(
      'manifest-capability-unknown',
      `${plugin} names the unknown capability ${unknown}`,
      {
        data: { plugin, role: name, capability: unknown },
      },
    );
  }
  const undeclared = role.serves.find((served) => !role.requires.includes(served.capability));
  if (undeclared) {
    throw new LiveletError(
      'manifest-invalid',
      `${plugin} serves ${undeclared.path} without requiring its capability`,
      {
        data: { plugin, where: `/roles/${name}/requires`, problem: `must contain ${undeclared.capability}` },
      },
    );
  }
}

/** One major only: a range over several would promise what nobody has tested. */
function checkContract({ id, contract }: PluginManifest): void {
  const oneMajor =
    semver.validRange(contract) !== null && semver.subset(contract, `^${CONTRACT_VERSION}`, {});
  if (oneMajor && semver.satisfies(CONTRACT_VERSION, contract)) return;
  throw new LiveletError('manifest-contract-unsupported', `${id} wants contract ${contract}`, {
    data: { plugin: id, wanted: contract, offered: CONTRACT_VERSION },
  });
}
