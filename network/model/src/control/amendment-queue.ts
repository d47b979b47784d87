import { type Consortium } from '../consortium/consortium';
import { refuseAmendments } from './amendment-check';
import { noteFile } from './file-changes';
import { type AmendmentRequest, type Amendments, readAmendments, writeAmendments } from './amendments';

/** How one kind of network takes its amendments. */
interface AmendedNetwork {
  /** The consortium as the network was started, before any amendment. */
  readonly base: Consortium;
  /** Folder where the amendments are recorded. */
  readonly folder: string;
  /**
   * Brings what runs to what the amendments say, or leaves it as it was and throws; answers what is left to do once they are
   * recorded.
   */
  bring(amendments: Amendments): Promise<() => void>;
}

/** Takes the amendments of a running network one after another. */
export class AmendmentQueue {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly network: AmendedNetwork) {}

  /** @throws {@link OperatorError} as `refuseAmendments` does, or what the network could not do; nothing is recorded then. */
  amend(request: AmendmentRequest): Promise<void> {
    const changed = this.#last.then(() => this.#take(request));
    this.#last = changed.catch(() => undefined);
    return changed;
  }

  /** Returns when no change is under way. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #take({ amendments, madeFrom }: AmendmentRequest): Promise<void> {
    const { base, folder } = this.network;
    refuseAmendments({ base, recorded: readAmendments(folder), madeFrom, amendments });
    const settle = await this.network.bring(amendments);
    writeAmendments(folder, noteFile(base, amendments));
    settle();
  }
}
