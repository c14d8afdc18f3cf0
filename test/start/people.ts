import type { Capability } from '@livelet/core';
import type { Locator, Page } from 'playwright-core';
import type { LocalSession } from '../fixtures/local-session.js';
import { STAGE } from '../fixtures/stage-picture.js';

/** What the two people do with their pages, by the words and roles they see. English pages. */

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Opens the console and asks for a code. */
export async function getCode(operator: Page, session: LocalSession): Promise<string> {
  await operator.goto(session.operatorPage);
  await operator.getByRole('button', { name: 'New session' }).first().click();
  return readCode(operator);
}

/** Leaves the receipt of a session that is over, and asks for another code. */
async function getNextCode(operator: Page): Promise<string> {
  await operator.getByRole('button', { name: 'Done' }).click();
  await operator.getByRole('button', { name: 'New session' }).first().click();
  return readCode(operator);
}

/** The code as the console shows it, groups separated by spaces. */
export async function readCode(operator: Page): Promise<string> {
  const label = await operator.getByRole('img', { name: /^Session code/ }).getAttribute('aria-label');
  return label?.replace(/^Session code /, '') ?? '';
}

/** Opens the Livelet, and waits for its first question. */
export async function openLivelet(customer: Page, session: LocalSession): Promise<void> {
  await customer.goto(session.liveletPage);
  await customer.getByLabel('Code from your helper').waitFor();
}

/** Types the code, and waits for who is asking. */
export async function typeCode(customer: Page, code: string): Promise<void> {
  await customer.getByLabel('Code from your helper').fill(code);
  await customer.getByRole('button', { name: 'Continue' }).click();
  await customer.getByRole('heading', { name: /wants to help you/ }).waitFor();
}

/** Allow opens after 5 s; a busy machine may be late, ms. */
const ALLOW_LIMIT = 20_000;

/** Presses Allow as soon as it opens; gives the small window with the control panel. */
export async function pressAllow(customer: Page): Promise<Page> {
  const opened = customer.context().waitForEvent('page', { timeout: 2 * ALLOW_LIMIT });
  const allow = customer.getByRole('button', { name: 'Allow', exact: true });
  await allow.and(customer.locator('[aria-disabled=false]')).click({ timeout: ALLOW_LIMIT });
  const panel = await opened;
  await panel.getByRole('button', { name: 'Stop' }).waitFor();
  return panel;
}

/** Everything up to Allow, with control; gives the control panel. */
export async function playUntilAllowed(operator: Page, customer: Page, session: LocalSession): Promise<Page> {
  return playWithCode(customer, session, () => getCode(operator, session));
}

/** The same with the next Livelet, once the operator's last session is over. */
export async function playNextUntilAllowed(
  operator: Page,
  customer: Page,
  session: LocalSession,
): Promise<Page> {
  return playWithCode(customer, session, () => getNextCode(operator));
}

async function playWithCode(
  customer: Page,
  session: LocalSession,
  code: () => Promise<string>,
): Promise<Page> {
  await openLivelet(customer, session);
  await typeCode(customer, await code());
  await customer.getByRole('switch', { name: /mouse and keyboard/i }).check();
  return pressAllow(customer);
}

/** Switches something on in the control panel. */
export async function allow(panel: Page, capability: Capability): Promise<void> {
  await (await switchOf(panel, capability)).check();
}

/** Takes it back. */
export async function deny(panel: Page, capability: Capability): Promise<void> {
  await (await switchOf(panel, capability)).uncheck();
}

async function switchOf(panel: Page, capability: Capability): Promise<Locator> {
  const given = panel.locator(`#switch-${capability}`);
  if (!(await given.isVisible())) await panel.locator('.switches summary').click();
  return given;
}

/** What a page keeps in sight as long as it is open, such as `Microphone open`. */
export function openMark(page: Page, sentence: string): Locator {
  return page.getByRole('list', { name: 'Open now' }).getByText(sentence, { exact: true });
}

/** Folds what else can be allowed, and brings something of the panel into sight. */
export async function lookAt(panel: Page, what: string): Promise<void> {
  const more = panel.locator('.switches summary');
  if (await panel.locator('.switches details[open]').isVisible()) await more.click();
  await panel.locator('main').getByText(what).first().scrollIntoViewIfNeeded();
}

/** Allows what the operator has asked for; the answer opens a moment after the question. */
export async function answerAllow(panel: Page, question: RegExp): Promise<void> {
  await panel.getByRole('heading', { name: question }).waitFor();
  await panel.locator('.question [aria-disabled=false]').click();
}

/** Clicks at a point of the shared screen, wherever and however large the stage shows it. */
export async function clickStage(
  operator: Page,
  screen: { readonly width: number; readonly height: number },
  point: Point,
): Promise<void> {
  const box = await operator.locator(STAGE).boundingBox();
  if (!box) throw new Error('the stage has no size');
  await operator.mouse.click(
    box.x + ((point.x + 0.5) * box.width) / screen.width,
    box.y + ((point.y + 0.5) * box.height) / screen.height,
  );
}

export function middle(box: Point & { readonly width: number; readonly height: number }): Point {
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
}

export async function sendChat(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: /message/i });
  await field.fill(text);
  await field.press('Enter');
}
