import { type TransactionName, transactions } from '@lianyi/domain';
import { type Again } from './area.fixture';
import { must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();

type Submitted = {
  [Name in TransactionName]: (typeof transactions)[Name]['kind'] extends 'submit' ? Name : never;
}[TransactionName];

describe('the same argument again, after what it made has changed', () => {
  it.each(names.filter((name): name is Submitted => transactions[name].kind === 'submit'))('%s', async (name) => {
    const { cast } = stage();
    const prepared = await samples[name].prepare(stage());
    const { input, as, bend } = prepared;
    const argument = cast.argument(name, input, as, bend);
    const first = must(await cast.invoke(name, input, as, { ...bend, argument }));
    const expected: Again = samples[name].again;
    if (typeof expected === 'object' && 'answers' in expected) await expected.after?.(stage(), prepared);
    cast.now += 1_000;
    const again = await cast.invoke(name, input, as, { ...bend, argument, keepKey: true });
    if (expected === 'acts') expect(must(again)).toMatchObject({ written: first.written, answer: first.answer });
    else if (expected === 'rewrites') expect(must(again)).toMatchObject({ written: first.written, answer: first.answer, events: [] });
    else if ('refused' in expected) expect(again).toMatchObject({ code: expected.refused, writes: 0, events: [] });
    else expect(must(again)).toMatchObject({ answer: { ...first.answer, ...expected.answers }, writes: 0, events: [] });
  });
});
