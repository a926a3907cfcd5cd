import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'

/** Finds the files that a program names. */
export class FileFinder {
  readonly #folders: string[]
  readonly #standardLibrary: string
  readonly #sources: ReadonlyMap<string, string>

  /**
   * @param options.folders searched after the folder of the file that names one
   * @param options.standardLibrary folder searched last
   * @param options.sources texts by path, taken before those on disk
   */
  constructor(options: {
    readonly folders: readonly string[]
    readonly standardLibrary: string
    readonly sources: Readonly<Record<string, string>>
  }) {
    this.#folders = [...options.folders]
    this.#standardLibrary = options.standardLibrary
    this.#sources = new Map(Object.entries(options.sources).map(([path, text]) => [normalize(path), text]))
  }

  /** Text of the file at exactly this path. */
  read(path: string): string | undefined {
    return this.#sources.get(normalize(path)) ?? readText(path)
  }

  /** The first file of that name, seen from the file `from`. */
  find(path: string, from: string): { readonly path: string; readonly text: string } | undefined {
    for (const place of this.#places(path, from)) {
      const text = this.read(place)
      if (text !== undefined) return { path: normalize(place), text }
    }
    return undefined
  }

  /** Path on disk of the first file of that name, whatever it holds. */
  findOnDisk(path: string, from: string): string | undefined {
    return this.#places(path, from).find((place) => existsSync(place))
  }

  /** Searches `folder`, relative to the folder of the file `from`, too; false when there is no such folder. */
  addFolder(folder: string, from: string): boolean {
    const path = isAbsolute(folder) ? folder : join(dirname(from), folder)
    const prefix = join(path, '/')
    const known = [...this.#sources.keys()].some((source) => source.startsWith(prefix))
    if (!known && !(existsSync(path) && statSync(path).isDirectory())) return false
    if (!this.#folders.includes(path)) this.#folders.push(path)
    return true
  }

  /** Folders in which a file that `from` names is looked for, but for that of the standard library. */
  searched(from: string): readonly string[] {
    return [...new Set([dirname(from), ...this.#folders])]
  }

  #places(path: string, from: string): readonly string[] {
    if (isAbsolute(path)) return [path]
    return [...this.searched(from), this.#standardLibrary].map((folder) => join(folder, path))
  }
}

function readText(path: string): string | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) return undefined
  return readFileSync(path, 'utf8')
}
