/** This process's timer, in milliseconds from wherever; only the beat may ask, which changes when an answer is sent and nothing of it. */
export const processTimer = {
  // eslint-disable-next-line no-restricted-globals -- see above
  after: (milliseconds: number, then: () => void): NodeJS.Timeout => setTimeout(then, milliseconds),
  stop: (timer: NodeJS.Timeout): void => {
    clearTimeout(timer);
  },
  now: (): number => performance.now(),
};
