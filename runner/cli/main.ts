#!/usr/bin/env node
import { keepCompiled } from "./compile-cache.ts";

// What is imported as a statement is compiled before any of this runs.
keepCompiled();
await import("./program.ts");
