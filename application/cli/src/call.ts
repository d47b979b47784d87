import { CliProblem, lacking } from './cli-problem';
import { type SpokenLanguage } from './language';
import { type LoadedProfile, type Profile, type ProfileKind } from '@lianyi/client/node';
import { type Terminal } from './terminal';

export interface GlobalOptions {
  readonly as?: string;
  readonly dataDir: string;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly language: SpokenLanguage;
}

/** One run of one command: the global options, the terminal, and the profile when it asks for one. */
export class CommandCall {
  #loaded: LoadedProfile | undefined;

  constructor(
    readonly options: GlobalOptions,
    readonly terminal: Terminal,
    /** Reads the profile that `--as` names; not there without one. */
    private readonly readProfile?: () => LoadedProfile,
  ) {}

  /** The profile of `--as`. */
  get actor(): LoadedProfile {
    if (this.readProfile === undefined) throw lacking('--as <profile>');
    this.#loaded ??= this.readProfile();
    return this.#loaded;
  }

  /** The profile of `--as`, if it is of one of these kinds. */
  actorOf<Kind extends ProfileKind>(
    ...kinds: readonly Kind[]
  ): { readonly profile: Extract<Profile, { kind: Kind }>; readonly loaded: LoadedProfile } {
    const loaded = this.actor;
    const { profile } = loaded;
    if (isOfKind(profile, kinds)) return { profile, loaded };
    throw new CliProblem('PROFILE_KIND', `${profile.name} (${profile.kind}); ${kinds.join(' | ')}`);
  }
}

function isOfKind<Kind extends ProfileKind>(profile: Profile, kinds: readonly Kind[]): profile is Extract<Profile, { kind: Kind }> {
  return kinds.some((kind) => kind === profile.kind);
}
