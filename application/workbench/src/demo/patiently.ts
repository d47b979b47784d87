import { type CommandResult } from '../command-line';

const ATTEMPTS = 50;
const PAUSE_MILLIS = 200;

/** The JSON of a command at another hospital, asked again while that hospital's peer is some blocks behind; at last whatever it answers. */
export async function askPatiently(ask: () => Promise<CommandResult>): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const { exitCode, json } = await ask();
    if (exitCode === 0 || attempt === ATTEMPTS) return json;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
}
