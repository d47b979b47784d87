import { FileVault } from './file-vault';

// Puts an object that never ends and says how far it is; to be killed.
async function* endless(): AsyncGenerator<Buffer> {
  for (let index = 0; ; index += 1) {
    yield Buffer.alloc(65_536, index);
    process.stdout.write(`${index}\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

void (async () => {
  const vault = await FileVault.open(process.argv[2] ?? '');
  await vault.put(endless());
})();
