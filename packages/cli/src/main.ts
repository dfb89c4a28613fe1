#!/usr/bin/env node
import { run } from "./program.js";

// A reader such as `head` may go before everything is said: that changes nothing about how the work ended.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

process.exitCode = await run(process.argv.slice(2));
