import { commandAreas } from './areas';
import { run } from './terminal.fixture';

describe('help', () => {
  it.each(commandAreas.map((area) => [area.name, area] as const))(
    'of every command of `lianyi %s` works in both languages',
    async (_, area) => {
      const commands = await area.commands();
      expect(commands.length).toBeGreaterThan(0);
      for (const words of commands.map(({ name }) => (name === '' ? [area.name] : [area.name, name]))) {
        const english = await run([...words, '--help']);
        const chinese = await run([...words, '--help', '--lang', 'zh']);
        expect(english).toMatchObject({ code: 0, stderr: '' });
        expect(english.stdout).toContain(`Usage: lianyi ${words.join(' ')}`);
        expect(chinese).toMatchObject({ code: 0, stderr: '' });
        expect(chinese.stdout).toContain(`用法： lianyi ${words.join(' ')}`);
      }
    },
  );

  it('lists every area', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const { name } of commandAreas) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it('is what naming no command gets, as a usage error', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: lianyi/);
  });
});

describe('a wrong command line exits with 2', () => {
  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['and suggests the area that was meant', ['profil'], 'Did you mean profile?'],
    ['and suggests the command that was meant', ['profile', 'lst'], 'Did you mean list?'],
    ['and suggests the option that was meant', ['profile', 'list', '--jsn'], 'Did you mean --json?'],
    ['when an option lacks its value', ['--as'], "option '--as <profile>' argument missing"],
    ['when a language is unknown', ['errors', '--lang', 'fr'], 'Allowed choices are en, zh'],
    ['when an argument is missing', ['profile', 'show'], "missing required argument 'name'"],
    ['when there is one argument too many', ['errors', 'STALE_KEY', 'x'], 'too many arguments'],
    ['when a code does not exist', ['errors', 'NO_SUCH_CODE'], 'NO_SUCH_CODE'],
    ['when the profile does not exist', ['profile', 'show', 'nobody'], 'PROFILE_NOT_FOUND'],
  ];

  it.each(wrong)('%s', async (_, argv, text) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
  });

  const inChinese: readonly (readonly [readonly string[], string])[] = [
    [['profile', 'lst'], '未知命令 “lst”\n  （是否想用 list？）'],
    [['profile', 'list', '--jsn'], '未知选项 “--jsn”\n  （是否想用 --json？）'],
    [['profile', 'add', '--name'], '选项 “--name <name>” 缺少取值'],
    [['profile', 'show'], '缺少参数 “name”'],
    [['errors', 'A', 'B'], '参数过多：应有 1 个，实有 2 个'],
    [['record', 'retract', 'rec', '--reason', 'whim'], '取值无效，可选：entered-in-error, wrong-patient'],
    [['consent', 'grant'], '--to <grantee>：必填'],
    [['audit', 'list', '--limit', '0'], '--limit <n>：数值过小'],
    [['record', 'show', 'no id', '--pseudonym', 'p'], '<record>：无效字符串'],
    [['profile', 'from-samples', '--name', '../x'], '--name <name>：只能用字母、数字'],
    [['endpoint', 'set', '--id', 'v', '--kind', 'vault', '--host', 'a:1', '--port', '1', '--tls-cert-file', 'c'], '--host 不含端口'],
    [['patient', 'register', '--pseudonym', 'p', '--nonce', 'short', '--next-key-hash', 'h'], '不是长度正确的 base64url'],
  ];
  it.each(inChinese)('%j, and is told so in Chinese', async (argv, text) => {
    const { code, stderr } = await run(['--lang', 'zh', ...argv]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });

  it('and does not repeat the value of an unknown option', async () => {
    const { code, stderr } = await run(['profile', 'list', '--passphrase=hunter2']);
    expect(code).toBe(2);
    expect(stderr).not.toContain('hunter2');
  });
});

describe('a problem', () => {
  it('is told as code, sentence and remedy in the language asked for', async () => {
    const { stderr } = await run(['profile', 'show', 'nobody', '--lang', 'zh']);
    expect(stderr).toContain('PROFILE_NOT_FOUND：没有这个身份配置。');
    expect(stderr).toContain('→ 用 `lianyi profile list` 查看');
  });

  it('follows the locale of the environment', async () => {
    expect((await run(['profile', 'show', 'nobody'], { env: { LANG: 'zh_CN.UTF-8' } })).stderr).toContain('没有');
    expect((await run(['profile', 'show', 'nobody'], { env: { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' } })).stderr).toContain('There is no');
  });

  it('is JSON on standard error with --json, and standard output stays empty', async () => {
    const { code, stdout, stderr } = await run(['--json', 'profile', 'show', 'nobody']);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'PROFILE_NOT_FOUND', exitCode: code } });
  });
});

describe('errors', () => {
  it('explains a refusal in both languages whatever --lang says', async () => {
    const { code, stdout } = await run(['errors', 'stale_key']);
    expect(code).toBe(0);
    expect(stdout).toContain('Synchronise the wallet');
    expect(stdout).toContain('请同步钱包');
  });

  it('explains a deny reason', async () => {
    const { stdout } = await run(['errors', 'NO_CONSENT', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'NO_CONSENT', origin: 'deny-reason', remedy: { en: 'Ask the patient for consent.' } });
  });
});
