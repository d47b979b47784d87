import { describeEnd } from './managed-process';

describe('why a node ended', () => {
  const roomy = 1_000_000;

  it('is what it wrote last of an error, without colours', () => {
    expect(describeEnd('INFO it starts\n\u001B[31mERRO it cannot\u001B[0m\n', roomy)).toBe(': ERRO it cannot');
  });

  it('is the panic, which comes before its stack', () => {
    expect(describeEnd('panic: no ledger\n\ngoroutine 1\nmain.Error()\n', roomy)).toBe(': panic: no ledger goroutine 1');
  });

  it('is the full disk where the node could not write a word about it', () => {
    expect(describeEnd('', 0)).toBe(': no space left on device');
    expect(describeEnd('INFO it starts\n', 0)).toBe(': no space left on device');
  });

  it('is the full disk also when the pid files of nodes that ended have given back a few blocks', () => {
    expect(describeEnd('', 4_096)).toBe(': no space left on device');
    expect(describeEnd('', 40_960)).toBe(': no space left on device');
  });

  it('is what the node says, also on a full disk', () => {
    expect(describeEnd('panic: no ledger\n', 0)).toBe(': panic: no ledger');
  });

  it('is not made up where nothing tells it', () => {
    expect(describeEnd('', roomy)).toBe('');
    expect(describeEnd('INFO it starts\n', 64 * 1024)).toBe('');
  });
});
