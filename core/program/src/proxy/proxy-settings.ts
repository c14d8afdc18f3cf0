import type { ProxyServer } from '@livelet/core/wire';

/** What a system says about proxies for encrypted connections. */
export interface ProxySettings {
  readonly proxy: ProxyServer;
  /**
   * Where it isn't asked: names, `*.example.com`, `.example.com` (the name itself too), addresses, networks as
   * `10.0.0.0/8`, and `<local>` for names without a dot.
   */
  readonly except: readonly string[];
}
