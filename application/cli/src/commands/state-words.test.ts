import { entities } from '@lianyi/domain';
import { z } from 'zod';
import { stateText } from './words';

/** Every word that a schema allows for `state`, whatever the schema's shape. */
function statesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { state } = ((schema as { properties?: Record<string, unknown> }).properties ?? {}) as {
    state?: { enum?: string[]; const?: string };
  };
  const own = state === undefined ? [] : [...(state.enum ?? []), ...(state.const === undefined ? [] : [state.const])];
  return [...own, ...Object.values(schema).flatMap(statesIn)];
}

const states = [
  ...new Set(
    Object.values(entities).flatMap(({ schema }) => statesIn(z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any', io: 'input' }))),
  ),
];

describe('the states of what the ledger keeps', () => {
  it('are found', () => {
    expect(states).toEqual(expect.arrayContaining(['suspended', 'revoked', 'open', 'terminated']));
  });

  it.each(states)('%s has a word in Chinese', (state) => {
    expect(stateText(state).zh).toMatch(/\p{Script=Han}/u);
  });
});
