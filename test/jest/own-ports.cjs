// Networks of two workers choose ports in ranges of their own: one that stops and starts again finds its ports as it left them.
const WIDTH = 3_500;
const from = 17_050 + ((Number(process.env.JEST_WORKER_ID ?? 1) - 1) % 4) * WIDTH;
process.env.LIANYI_PORTS ??= `${from}-${from + WIDTH - 1}`;
