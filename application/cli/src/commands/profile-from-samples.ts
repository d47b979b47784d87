import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DomainError } from '@lianyi/domain';
import { connectionFromSampleEnvironment, identityInDirectories, type PeerAddress, type SampleConnection } from '@lianyi/ledger-client';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { writeNewFile } from '../private-folder';
import { type LoadedProfile, profileSchema, saveProfile } from '@lianyi/client/node';
import { misfitsOf, misfitText } from '../misfits';

/**
 * An administrator's profile from the environment of Fabric's samples. Those know a peer by its address and certificate, a profile
 * by a connection profile: that is written, too, to `<data-dir>/connections/<name>.json`.
 */
export async function profileFromSamples(call: CommandCall, name: string, user: string): Promise<LoadedProfile> {
  const sample = await readSample(call, user);
  const dataDir = resolve(call.terminal.cwd, call.options.dataDir);
  const connectionProfile = join(dataDir, 'connections', `${name}.json`);
  const { mspId, channel, chaincode, certDirectory, keyDirectory } = sample;
  const profile = {
    ...{ name, kind: 'administrator', mspId, channel, chaincode },
    ...{ connectionProfile, certDirectory, keyDirectory },
  };
  const result = profileSchema.safeParse(profile);
  if (!result.success)
    throw new CliProblem('USAGE', misfitText(misfitsOf(profileSchema, profile).map(({ path, why }) => [path.join('.'), why])));
  await mkdir(join(dataDir, 'connections'), { recursive: true, mode: 0o700 });
  writeNewFile(connectionProfile, `${JSON.stringify(describe(sample.peer), null, 2)}\n`);
  try {
    return saveProfile(join(dataDir, 'profiles', `${name}.json`), result.data);
  } catch (error) {
    rmSync(connectionProfile); // made here, of no use without its profile
    throw error;
  }
}

/** Whatever is missing is the command line's fault: the environment belongs to it. */
async function readSample({ terminal: { env, cwd } }: CommandCall, user: string): Promise<SampleConnection> {
  try {
    const sample = await connectionFromSampleEnvironment(env, { user, cwd });
    await identityInDirectories(sample.mspId, sample.certDirectory, sample.keyDirectory);
    return sample;
  } catch (cause) {
    if (cause instanceof DomainError) throw cause; // it names the file
    throw new CliProblem('USAGE', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The part of Fabric's common connection profile that says where a peer is. */
function describe({ mspId, name, endpoint, tlsCaPem, serverName }: PeerAddress): object {
  return {
    organizations: { [mspId]: { mspid: mspId, peers: [name] } },
    peers: {
      [name]: {
        url: `grpcs://${endpoint}`,
        tlsCACerts: { pem: tlsCaPem },
        grpcOptions: { 'ssl-target-name-override': serverName },
      },
    },
  };
}
