import { csv } from '../csv.js';
import type { Chat } from './chats.js';

export const EXPORT_FORMATS = ['text', 'json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Chats as one text. */
export function exportChats(chats: readonly Chat[], format: ExportFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(chats, undefined, 2)}\n`;
    case 'csv':
      return table(chats);
    case 'text':
      return chats.map(plainText).join('\n');
  }
}

const COLUMNS = [
  'session',
  'time',
  'operator',
  'customer',
  'from',
  'text',
  'delivered',
  'told by',
  'differs',
];

function table(chats: readonly Chat[]): string {
  const rows = chats.flatMap((chat) =>
    chat.messages.map(({ at, from, text, delivered, told, differs }) => [
      chat.session,
      new Date(at).toISOString(),
      chat.operator.name,
      chat.customer.name,
      from,
      text,
      String(delivered),
      told.join(' '),
      String(differs),
    ]),
  );
  return csv([COLUMNS, ...rows]);
}

function plainText({ session, startedAt, operator, customer, messages, told, missing }: Chat): string {
  const names = { operator: operator.name || 'operator', customer: customer.name || 'customer' };
  const lines = messages.map(({ at, from, text, delivered, differs, told: by }) => {
    const notes = [
      ...(delivered ? [] : ['not delivered']),
      ...(by.length < told.length ? [`told by the ${by.join()} only`] : []),
      ...(differs ? ['the customer’s end tells other words'] : []),
    ];
    const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
    return `${new Date(at).toISOString()} ${shown(names[from])}${note}: ${shown(text).replaceAll('\n', '\n    ')}`;
  });
  const head = `${new Date(startedAt).toISOString()} ${shown(names.operator)} and ${shown(names.customer)}, session ${session}`;
  const gaps = missing === 0 ? [] : [`${missing} parts are missing`];
  return `${[head, ...gaps, ...lines].join('\n')}\n`;
}

/** Without what a terminal would obey and what turns the direction of what follows. */
export function shown(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '');
}
