import { type Socket } from 'node:net';
import { DomainError } from '@lianyi/domain';
import { type Hl7Charset } from '@lianyi/documents/hl7-v2';
import { newId } from '@lianyi/client';
import { type Entry, type Journal } from './journal/journal';
import { makeRoom, type RoomBounds } from './journal/room';
import { type AcknowledgementCode, acknowledge, type Answered, type Obstacle, negativeCode } from './message/acknowledgement';
import { assertTaken, isWanted, readHeaderAlone, type ReadMessage, readMessage } from './message/header';
import { type Conventions, type MessagePlan, planOf } from './message/plan';
import { framed, FrameReader } from './mllp/frame-reader';
import { type SenderPlace } from './mllp/sender-places';
import { type Worker } from './work/worker';

/** Messages of one sender that are not answered yet: then nothing more is read from it. */
const UNANSWERED = 64;
/** Messages of one connection that are kept, and of which more is to be told. */
const LISTENING = 10_000;

export interface ConnectionOptions {
  readonly journal: Journal;
  readonly worker: Pick<Worker, 'look' | 'whenSettled'>;
  readonly conventions: Conventions;
  readonly charset: Hl7Charset;
  readonly maxMessageBytes: number;
  /** What the journal may hold. */
  readonly room: RoomBounds;
  /** How long a sender in original mode is let wait for the ledger. */
  readonly patienceMillis: number;
  /** A frame that has begun has to end in this time. */
  readonly frameMillis: number;
  /** Who has said nothing that was kept for so long is let go; who has, after the longer one. */
  readonly muteMillis: number;
  readonly idleMillis: number;
  /** MSH-3 and MSH-4 of who may send; undefined: whoever reaches the port. */
  readonly senders?: ReadonlySet<string> | undefined;
  readonly onFault: (error: unknown) => void;
  /** Told how many messages' content went, so that others could come. */
  readonly onGivenWay: (messages: number) => void;
}

/** One sender's connection: frames in, acknowledgements out. What is wrong in one message ends neither the connection nor the server. */
export class Connection {
  readonly #reader: FrameReader;
  /** How to wait no more for what becomes of each message. */
  readonly #listening = new Set<() => void>();
  #unanswered = 0;
  #isEnded = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly place: SenderPlace,
    private readonly options: ConnectionOptions,
  ) {
    this.#reader = new FrameReader(options.maxMessageBytes, place);
    socket.setNoDelay(true).setTimeout(options.muteMillis, () => {
      if (this.#unanswered === 0 && this.#listening.size === 0) socket.destroy();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('drain', () => {
      this.#flow();
    });
    socket.on('error', () => {
      socket.destroy();
    });
    socket.on('end', () => {
      this.#ended();
    });
    socket.on('close', () => {
      this.#closed();
    });
  }

  /** Somebody else needs what this one holds. */
  giveWay(): void {
    this.#reader.end();
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    for (const each of this.#reader.push(chunk)) {
      // what was waited for is over; what comes after it has its own time
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
      if ('fault' in each) this.#refuseFrame(each.fault);
      else void this.#take(each.frame).catch(this.options.onFault);
    }
    this.#watch();
    this.#flow();
  }

  /** A sender that never ends what it has begun holds a place for a minute, and no longer. */
  #watch(): void {
    if (!this.#reader.isInside) {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
    } else {
      this.#deadline ??= setTimeout(() => {
        this.socket.destroy();
      }, this.options.frameMillis);
    }
  }

  #ended(): void {
    clearTimeout(this.#deadline);
    const fault = this.#reader.end();
    if (fault !== undefined) this.#refuseFrame(fault);
    this.#isEnded = true;
    // who has said all is answered, and not waited with for longer than anybody
    this.#deadline = setTimeout(() => this.socket.destroy(), this.options.patienceMillis);
    this.#endIfAnswered();
  }

  #endIfAnswered(): void {
    if (this.#isEnded && this.#unanswered === 0 && this.#listening.size === 0) this.socket.end();
  }

  #closed(): void {
    clearTimeout(this.#deadline);
    this.#reader.end();
    for (const stop of this.#listening) stop();
  }

  /** Who does not read what is answered, or has much unanswered, is read no further. */
  #flow(): void {
    const isFull = this.#unanswered >= UNANSWERED || this.socket.writableNeedDrain;
    if (isFull && !this.socket.isPaused()) this.socket.pause();
    if (!isFull && this.socket.isPaused()) this.socket.resume();
  }

  #refuseFrame(fault: string): void {
    const code = fault === 'no-room' ? 'NODE_BUSY' : 'HL7_FRAME_INVALID';
    this.#say(undefined, 'AR', { code, details: { obstacle: fault } });
  }

  async #take(bytes: Uint8Array): Promise<void> {
    this.#unanswered += 1;
    try {
      await this.#answer(bytes);
    } finally {
      this.#unanswered -= 1;
      if (!this.socket.destroyed) this.#flow();
      this.#endIfAnswered();
    }
  }

  async #answer(bytes: Uint8Array): Promise<void> {
    let read: ReadMessage | undefined;
    let entry: Entry;
    try {
      read = readMessage(bytes, this.options.charset);
      const { does } = this.#mayCome(read);
      entry = await this.#keep(read, bytes, does === 'publish' ? 'node' : 'nobody');
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.#refuse(read ?? readHeaderAlone(bytes), error);
      return;
    }
    this.place.spoke();
    this.socket.setTimeout(this.options.idleMillis);
    await this.#answerKept(answeredOf(read), entry);
  }

  /** What is kept waits for the ledger; a sender in enhanced mode, who was told that it is kept, does not. */
  async #answerKept(answered: Answered, { id, state }: Entry): Promise<void> {
    const { enhanced } = answered.header;
    if (enhanced === undefined) {
      await this.#answerWhenSettled(answered, { id, state });
      return;
    }
    if (isWanted(enhanced.accept, true)) this.#say(answered, 'CA');
    this.options.worker.look();
    // who has so many to come may send one again, and is told then
    if (enhanced.application === 'NE' || this.#listening.size >= LISTENING) return;
    void this.#answerWhenSettled(answered, { id, state }).catch(this.options.onFault);
  }

  /** All that can be told of a message before it is kept. @returns what it asks for */
  #mayCome(read: ReadMessage): MessagePlan {
    const { conventions, senders } = this.options;
    if (senders?.has(read.header.sender) === false) throw new DomainError('HL7_SENDER_UNKNOWN', undefined, { segment: 'MSH', field: 3 });
    assertTaken(read);
    return planOf(read, conventions);
  }

  async #keep({ header: { sender, controlId } }: ReadMessage, bytes: Uint8Array, asks: Entry['asks']): Promise<Entry> {
    const { journal, room, onGivenWay } = this.options;
    const arriving = { origin: this.place.from, bytes: bytes.length };
    const given: number[] = [];
    const isRoom = (): boolean => makeRoom(journal, arriving, room, (messages) => given.push(messages));
    const entry = await journal.keep({ sender, controlId, bytes, origin: arriving.origin, asks }, isRoom);
    for (const messages of given) onGivenWay(messages);
    return entry;
  }

  #refuse(answered: Answered | undefined, { code, details }: DomainError): void {
    const enhanced = answered?.header.enhanced;
    // whoever wants to hear of a commit hears of this then; of an application nothing comes after
    const of = enhanced !== undefined && isWanted(enhanced.accept, false) ? 'commit' : 'application';
    const isHeard = enhanced === undefined || isWanted(enhanced.accept, false) || isWanted(enhanced.application, false);
    if (isHeard) this.#say(answered, negativeCode(code, of), { code, details });
  }

  /** Says what became of a message: once, when it is known, or when a sender in original mode has waited long enough. */
  async #answerWhenSettled(answered: Answered, kept: Pick<Entry, 'id' | 'state'>): Promise<void> {
    const { enhanced } = answered.header;
    const settled = await this.#settled(kept, enhanced === undefined ? this.options.patienceMillis : undefined);
    if (settled !== undefined) this.#tell(answered, settled);
    this.#endIfAnswered();
  }

  #tell(answered: Answered, settled: Pick<Entry, 'state' | 'obstacle'>): void {
    const isDone = settled.state === 'done';
    if (!isWanted(answered.header.enhanced?.application ?? 'AL', isDone)) return;
    if (isDone) this.#say(answered, 'AA');
    else {
      const obstacle = settled.obstacle ?? { code: 'LEDGER_UNAVAILABLE' as const, details: {} };
      this.#say(answered, negativeCode(obstacle.code, 'application'), obstacle);
    }
  }

  /** @returns undefined if the connection is over before */
  #settled(
    { id, state }: Pick<Entry, 'id' | 'state'>,
    patienceMillis: number | undefined,
  ): Promise<Pick<Entry, 'state' | 'obstacle'> | undefined> {
    if (state === 'done') return Promise.resolve({ state });
    return new Promise((resolve) => {
      const end = (settled: Pick<Entry, 'state' | 'obstacle'> | undefined): void => {
        clearTimeout(timer);
        stop();
        this.#listening.delete(abandon);
        resolve(settled);
      };
      const stop = this.options.worker.whenSettled(id, end);
      const timer =
        patienceMillis === undefined
          ? undefined
          : setTimeout(() => {
              end(this.options.journal.entry(id));
            }, patienceMillis);
      const abandon = (): void => {
        end(undefined);
      };
      this.#listening.add(abandon);
      this.options.worker.look();
    });
  }

  #say(answered: Answered | undefined, code: AcknowledgementCode, obstacle?: Obstacle): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(framed(acknowledge(answered, { code, obstacle, controlId: newId(), at: new Date() })));
  }
}

/** What an answer needs of a message: not its content, of which many may wait. */
function answeredOf({ charset, delimiters, segments: [msh], header }: ReadMessage): Answered {
  return { charset, delimiters, segments: [msh], header };
}
