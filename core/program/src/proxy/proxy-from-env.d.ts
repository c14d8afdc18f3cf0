declare module 'proxy-from-env' {
  /** The proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY name for `url`; empty: none. */
  export function getProxyForUrl(url: string): string;
}
