// A CPython of WebAssembly as the command `python`: node python_of_node.mjs PYODIDE [-c CODE | FILE] ARGUMENTS…
// PYODIDE is the folder of npm's package of that name. It sees this machine's files, but starts no process.
import { readdirSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { argv, cwd, env, exit } from "node:process";

const [folder, ...words] = argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ env: { HOME: "/root", ...env }, args: [] });
const { FS } = python;
for (const name of readdirSync("/")) {
  const place = `/${name}`;
  if (["dev", "lib", "proc", "sys"].includes(name) || !statSync(place).isDirectory()) continue;
  if (!FS.analyzePath(place).exists) FS.mkdir(place);
  FS.mount(FS.filesystems.NODEFS, { root: place }, place);
}
python.setStdout({ write: (bytes) => (process.stdout.write(Buffer.from(bytes)), bytes.length) });
python.setStderr({ write: (bytes) => (process.stderr.write(Buffer.from(bytes)), bytes.length) });
python.globals.set("WORDS", python.toPy(words));
python.globals.set("FOLDER", cwd());
try {
  exit(python.runPython(`
import os, runpy, sys
vars(os).pop("fork", None)  # it is there and always fails
os.chdir(FOLDER)
sys.path_importer_cache.clear()  # it was looked at before this machine's files were there
sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(":"))
words = [str(word) for word in WORDS]
while words and words[0].startswith("-") and words[0] not in ("-c", "-m", "-"):
    words.pop(0)
code = 0
try:
    if words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        sys.path.insert(0, "")
        exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    elif words[0] == "-m":
        sys.argv = words[1:]
        sys.path.insert(0, os.getcwd())
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        sys.path.insert(0, os.path.dirname(os.path.abspath(words[0])))
        runpy.run_path(words[0], run_name="__main__")
except SystemExit as error:
    code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
except BaseException:
    import traceback
    traceback.print_exc()
    code = 1
sys.stdout.flush()
sys.stderr.flush()
code
`));
} catch (error) {
  exit(error.status ?? 1); // os._exit
}
