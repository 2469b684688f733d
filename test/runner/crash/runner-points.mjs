/**
 * Loaded before a script (`node --import`): every write, sync, spawn, rename and exit of the runner becomes a numbered
 * point. DRILLBOOK_POINTS is a folder: `runner.<call>` in it says in two lines who dies and at which point (`self`, `12`),
 * and `happened` is what was about to happen there; without it, the points are `listed`.
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import { basename, join } from "node:path";

const folder = process.env["DRILLBOOK_POINTS"];
const { existsSync, openSync, readdirSync, readFileSync, writeSync } = fs;
const plan = readdirSync(folder).find((name) => name.startsWith("runner."));
const put = (name, text, flags = "w") => writeSync(openSync(join(folder, name), flags), text);
const [victim, target] = plan ? readFileSync(join(folder, plan), "utf8").trim().split("\n") : [];
const listing = victim === undefined;
let point = 0;
let connection;

/** A point is at hand. `half` does a part of what comes next, where it has parts. */
function arrive(what, half) {
  point += 1;
  if (listing) put("listed", `${point} ${half ? "torn" : "whole"} ${what}\n`, "a");
  if (String(point) !== target) return;
  put("happened", what);
  if (victim === "torn") half?.();
  if (victim === "connection") cut();
  else if (victim === "host") askFor("host");
  else process.kill(process.pid, "SIGKILL");
}

/** The ssh process dies, and its pipes with it. */
function cut() {
  if (!connection) return;
  connection.kill("SIGKILL");
  for (const stream of [connection.stdin, connection.stdout, connection.stderr]) stream.destroy();
}

/** Somebody else has to do it, and this process stands still until it is done. */
function askFor(what) {
  put(`wanted.${process.pid}`, what);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(join(folder, `granted.${process.pid}`))) Atomics.wait(pause, 0, 0, 2);
}

const names =
  "mkdirSync copyFileSync writeFileSync renameSync rmSync mkdtempSync linkSync openSync closeSync ftruncateSync";
for (const name of [...names.split(" "), "fsyncSync", "fdatasyncSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    arrive(`${name} ${typeof args[0] === "string" ? basename(args[0]) : ""}`);
    return real(...args);
  };
}

fs.writeSync = (file, data, ...rest) => {
  const bytes = Buffer.from(data);
  arrive("writeSync", () => writeSync(file, bytes.subarray(0, bytes.length >> 1)));
  return writeSync(file, data, ...rest);
};

const { spawn } = childProcess;
childProcess.spawn = (program, ...rest) => {
  arrive(`spawn ${basename(program)}`);
  return (connection = spawn(program, ...rest));
};

const { write } = net.Socket.prototype;
net.Socket.prototype.write = function writes(data, ...rest) {
  // Frames are written by their first word; half a one never ends in its line break.
  const bytes = Buffer.from(data);
  arrive(`write ${/^\w*/u.exec(bytes.subarray(0, 40).toString("latin1"))[0]}`, () => {
    // The handle of a pipe has no other name.
    const { fd } = this["_handle"] ?? {};
    if (fd > 2) writeSync(fd, bytes.subarray(0, bytes.length >> 1));
  });
  return write.call(this, data, ...rest);
};

process.on("exit", () => arrive("exit"));

// A host that keeps silent is waited for: here, by a quarter of the time.
for (const name of ["setTimeout", "setInterval"]) {
  const real = globalThis[name];
  globalThis[name] = (act, ms, ...rest) => real(act, ms < 5000 ? ms : ms / 4, ...rest);
}
