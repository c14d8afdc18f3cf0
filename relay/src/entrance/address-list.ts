import { BlockList, isIP, isIPv4 } from 'node:net';
import { LiveletError } from '@livelet/core/wire';

/** Addresses and subnets that a setting names. */
export class AddressList {
  readonly #list = new BlockList();
  readonly #option: string;

  /**
   * @param option the setting, for the error
   * @param entries `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`
   * @throws `option-invalid`
   */
  constructor(option: string, entries: readonly string[]) {
    this.#option = option;
    for (const entry of entries) this.#add(entry);
  }

  has(address: string): boolean {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return isIP(plain) !== 0 && this.#list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  }

  #add(entry: string): void {
    const [address = '', bits] = entry.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    try {
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : Number.NaN, family);
    } catch (cause) {
      throw new LiveletError('option-invalid', `not an address or subnet: ${entry}`, {
        cause,
        data: { option: this.#option, value: entry, allowed: '10.0.0.5, 10.0.0.0/8, fd00::/8' },
      });
    }
  }
}
