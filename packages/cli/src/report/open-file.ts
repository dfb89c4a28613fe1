import { spawn } from "node:child_process";

/** Shows a file in whatever the system shows such files in. False where there is nothing that does. */
export function openFile(path: string): Promise<boolean> {
  const [command, args] =
    process.platform === "darwin"
      ? ["open", [path]]
      : process.platform === "win32"
        ? ["explorer.exe", [path]]
        : ["xdg-open", [path]];
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
