// `node run.mjs PACKAGE FOLDER FILE ARGUMENT...`: runs the Python program FILE of FOLDER on a WebAssembly MicroPython.
//
// FOLDER is copied to the root of the build's file system first; the exit code is the program's own. A first line
// tells which MicroPython it is. What must not live here: knowledge of what is run.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const HEAP = 64 * 1024 * 1024; // bytes: these builds collect nothing before the program ends; more areas, slower
const STACK = 64 * 1024; // words for Python's frames: the default of 2,048 is used up; before 1.24 it is fixed

function copy(FS, from, to) {
    for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
        const source = path.join(from, entry.name);
        const target = `${to}/${entry.name}`;
        if (entry.isDirectory()) {
            if (!FS.analyzePath(target).exists) FS.mkdir(target);
            copy(FS, source, target);
        } else {
            FS.writeFile(target, fs.readFileSync(source));
        }
    }
}

// The file system has the error numbers of WASI; boards, and `errno` in these builds, have those of Linux.
function linuxErrors(FS) {
    const open = FS.open;
    FS.open = (...args) => {
        try {
            return open(...args);
        } catch (error) {
            if (error.errno === 44) error.errno = 2; // ENOENT
            throw error;
        }
    };
}

const [folder, tree, ...argv] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(path.resolve(folder, "micropython.mjs")));
const mp = await loadMicroPython({
    url: path.resolve(folder, "micropython.wasm"), // the oldest builds look for it in the current folder
    heapsize: HEAP,
    pystack: STACK,
    stdout: (line) => console.log(line),
});
linuxErrors(mp.FS);
copy(mp.FS, tree, "");
mp.runPython("import sys; print(sys.version)");
try {
    mp.runPython(`import sys\nsys.argv[:] = ${JSON.stringify(argv)}\nexec(open(sys.argv[0]).read(), {"__name__": "__main__"})`);
} catch (error) {
    const said = error.message.match(/SystemExit: (\d+)\s*$/); // an exception has a type of its own only since 1.23
    if (!said) throw error;
    process.exitCode = Number(said[1]);
}
