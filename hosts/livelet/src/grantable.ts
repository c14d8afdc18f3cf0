import { CAPABILITIES, type Capability, type HostContainer, type HostedSession } from '@livelet/core';

/** What the person can allow: what the plugins here need, in the order in which people meet them. */
export function grantable(host: HostContainer, session?: HostedSession): readonly Capability[] {
  const needed = new Set(
    host.plugins
      .filter(({ manifest }) => !session?.absent.has(manifest.id))
      .flatMap(({ role }) => role.requires),
  );
  return CAPABILITIES.filter((capability) => needed.has(capability));
}
