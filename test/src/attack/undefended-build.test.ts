import { withoutDefence } from './undefended-build';

const text = `
export function allowed(role: string): boolean {
  return role === 'clinician';
}
class Gate {
  check(caller: string): void {
    if (caller === '') throw new Error('who?');
  }
}
function check(): void {}
`;
const file = 'domain/src/gate.ts';

describe('a build without a defence', () => {
  it('gives a function another body', () => {
    expect(withoutDefence(text, { file, name: 'allowed', body: 'return true;' })).toContain(
      'allowed(role: string): boolean { return true; }',
    );
  });

  it('gives a method another body and leaves the function of the same name', () => {
    const edited = withoutDefence(text, { file, name: 'Gate.check', body: '' });
    expect(edited).toContain('check(caller: string): void {  }');
    expect(edited).toContain('function check(): void {}');
  });

  it.each(['gone', 'Gate.gone', 'Other.check'])('is refused when the function has gone: %s', (name) => {
    expect(() => withoutDefence(text, { file, name, body: '' })).toThrow(`${file} must have one function ${name}; it has 0`);
  });

  it('is refused when two functions have the name', () => {
    expect(() => withoutDefence(`${text}\nfunction allowed(): void {}`, { file, name: 'allowed', body: '' })).toThrow('it has 2');
  });
});
