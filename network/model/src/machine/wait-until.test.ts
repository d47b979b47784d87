import { verbatim } from './sentence';
import { isReadyWithin, waitUntil } from './wait-until';

const NO_TIME = { timeoutMillis: 0, everyMillis: 1 };
const PATIENT = { timeoutMillis: 60_000, everyMillis: 1 };

describe('waiting until something is ready', () => {
  it('looks once although there is no time', async () => {
    expect(await isReadyWithin(() => true, NO_TIME)).toBe(true);
  });

  it('looks again until it is ready', async () => {
    let looks = 0;
    await waitUntil(verbatim('it was not ready'), () => Promise.resolve(++looks === 3), PATIENT);
    expect(looks).toBe(3);
  });

  it('answers that it was not ready in time', async () => {
    expect(await isReadyWithin(() => false, NO_TIME)).toBe(false);
  });

  it('refuses with TIMEOUT and says what did not happen, as it was when time was up', async () => {
    const missing = ['a', 'b'];
    const waited = waitUntil(
      () => ({ en: `no leader for ${missing.join(', ')}`, zh: `${missing.join('、')} 没有主节点` }),
      () => missing.pop() === undefined,
      NO_TIME,
    );
    await expect(waited).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'no leader for a within 0 ms',
      sentence: { zh: 'a 没有主节点（0 毫秒内）' },
    });
  });

  it('ends with what the condition throws', async () => {
    await expect(waitUntil(verbatim('it was not ready'), () => Promise.reject(new Error('broken')), PATIENT)).rejects.toThrow('broken');
  });
});
