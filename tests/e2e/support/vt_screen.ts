/** East Asian characters and emoji take two columns; combining marks and joiners none. */
function columnsOf(char: string): number {
  if (/^[\p{Mn}\u200b-\u200f\ufe00-\ufe0f]$/u.test(char)) return 0;
  return /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]$/u.test(
    char,
  )
    ? 2
    : 1;
}

/**
 * What an xterm shows of the bytes a program writes: as much of one as ncurses uses. It throws at anything else, so that nothing
 * a program should not send goes unnoticed.
 */
export class VtScreen {
  /** The program has the alternate screen, and leaves the one before as it was. */
  isAlternate = false;
  /** Pastes are announced to the program. */
  bracketsPastes = false;
  /** Set by a program, or by who tricks it into sending that. */
  title = '';
  private cells: string[][] = [];
  private row = 0;
  private column = 0;
  private top = 0;
  private bottom = 0;
  private saved: [number, number] = [0, 0];
  private last = ' ';
  private pending = '';
  private columns = 0;
  private rows = 0;

  constructor(columns: number, rows: number) {
    this.resize(columns, rows);
  }

  resize(columns: number, rows: number): void {
    const before = this.cells;
    this.columns = columns;
    this.rows = rows;
    this.cells = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_unused, column) => before[row]?.[column] ?? ' '),
    );
    this.top = 0;
    this.bottom = rows - 1;
    this.row = Math.min(this.row, rows - 1);
    this.column = Math.min(this.column, columns - 1);
  }

  /** The rows as text, without blanks at their ends. */
  lines(): string[] {
    return this.cells.map((row) => row.join('').trimEnd());
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Takes what the program has written; a sequence may be cut anywhere. */
  write(output: string): void {
    let rest = this.pending + output;
    while (rest !== '') {
      const taken = rest.startsWith('\x1b') ? this.escape(rest) : this.plain(rest);
      if (taken === 0) break;
      rest = rest.slice(taken);
    }
    this.pending = rest;
  }

  /** Length of the sequence at the front, 0 when its end is not here yet. */
  private escape(text: string): number {
    const csi = /^\x1b\[([?>]?)([0-9;]*)([@-~])/.exec(text);
    if (csi !== null) {
      const numbers = (csi[2] ?? '').split(';').map((number) => Number(number));
      this.control(csi[1] ?? '', numbers, csi[3] ?? '');
      return csi[0].length;
    }
    const title = /^\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)/.exec(text);
    if (title !== null) {
      this.title = title[1] ?? '';
      return title[0].length;
    }
    const short = /^\x1b(?:[()][0AB]|[=>78M])/.exec(text);
    if (short === null) {
      if (text.length > 64) throw new Error(`not understood: ${JSON.stringify(text.slice(0, 64))}`);
      return 0;
    }
    if (short[0] === '\x1b7') this.saved = [this.row, this.column];
    if (short[0] === '\x1b8') [this.row, this.column] = this.saved;
    if (short[0] === '\x1bM') this.up();
    return short[0].length;
  }

  private plain(text: string): number {
    const char = String.fromCodePoint(text.codePointAt(0) ?? 0);
    switch (char) {
      case '\r':
        this.column = 0;
        break;
      case '\n':
        this.down();
        break;
      case '\b':
        this.column = Math.max(this.column - 1, 0);
        break;
      case '\t':
        this.column = Math.min((Math.floor(this.column / 8) + 1) * 8, this.columns - 1);
        break;
      case '\x07':
      case '\x0e':
      case '\x0f':
        break;
      default:
        if (char < ' ') throw new Error(`not understood: ${JSON.stringify(char)}`);
        this.put(char);
    }
    return char.length;
  }

  private put(char: string): void {
    const width = columnsOf(char);
    const row = this.cells[this.row] ?? [];
    if (width === 0) {
      const before = Math.max(this.column - 1, 0);
      row[before] = (row[before] ?? '') + char;
      return;
    }
    if (this.column + width > this.columns) {
      this.column = 0;
      this.down();
    }
    const here = this.cells[this.row] ?? [];
    here[this.column] = char;
    if (width === 2) here[this.column + 1] = '';
    this.column += width;
    this.last = char;
  }

  private down(): void {
    if (this.row !== this.bottom) this.row = Math.min(this.row + 1, this.rows - 1);
    else this.scroll(this.top, 1);
  }

  private up(): void {
    if (this.row !== this.top) this.row = Math.max(this.row - 1, 0);
    else this.scroll(this.top, -1);
  }

  private blank(): string[] {
    return Array.from({ length: this.columns }, () => ' ');
  }

  /** Moves the rows from `top` to the end of the region up by `by`, or down. */
  private scroll(top: number, by: number): void {
    for (let i = 0; i < Math.abs(by); i += 1) {
      this.cells.splice(by > 0 ? top : this.bottom, 1);
      this.cells.splice(by > 0 ? this.bottom : top, 0, this.blank());
    }
  }

  private fill(row: number, from: number, to: number): void {
    for (let column = from; column < Math.min(to, this.columns); column += 1) {
      const cells = this.cells[row];
      if (cells !== undefined) cells[column] = ' ';
    }
  }

  private control(mark: string, numbers: readonly number[], letter: string): void {
    if (mark !== '') {
      this.mode(numbers[0] ?? 0, letter);
      return;
    }
    const n = Math.max(numbers[0] ?? 0, 1);
    const move = (row: number, column: number) => {
      this.row = Math.min(Math.max(row, 0), this.rows - 1);
      this.column = Math.min(Math.max(column, 0), this.columns - 1);
    };
    const at = Math.min(this.column, this.columns - 1);
    const acts: Record<string, () => void> = {
      A: () => move(this.row - n, at),
      B: () => move(this.row + n, at),
      C: () => move(this.row, at + n),
      D: () => move(this.row, at - n),
      G: () => move(this.row, n - 1),
      H: () => move(n - 1, Math.max(numbers[1] ?? 0, 1) - 1),
      J: () => this.eraseScreen(numbers[0] ?? 0),
      K: () => this.eraseRow(numbers[0] ?? 0),
      L: () => this.scroll(this.row, -n),
      M: () => this.scroll(this.row, n),
      P: () => this.shift(-n),
      S: () => this.scroll(this.top, n),
      T: () => this.scroll(this.top, -n),
      X: () => this.fill(this.row, at, at + n),
      '@': () => this.shift(n),
      b: () => {
        for (let i = 0; i < n; i += 1) this.put(this.last);
      },
      d: () => move(n - 1, at),
      h: () => undefined,
      l: () => undefined,
      m: () => undefined,
      r: () => {
        this.top = n - 1;
        this.bottom = Math.min(numbers[1] ?? this.rows, this.rows) - 1;
        move(0, 0);
      },
      t: () => undefined,
    };
    const act = acts[letter];
    if (act === undefined) throw new Error(`not understood: CSI ${numbers.join(';')} ${letter}`);
    act();
  }

  private mode(number: number, letter: string): void {
    if (number === 1049) this.isAlternate = letter === 'h';
    if (number === 2004) this.bracketsPastes = letter === 'h';
  }

  private eraseScreen(which: number): void {
    if (which === 0) this.eraseRow(0);
    if (which === 1) this.eraseRow(1);
    // 3: what has scrolled off, of which nothing is kept here.
    if (which === 3) return;
    for (let row = 0; row < this.rows; row += 1) {
      const erased = which === 2 || (which === 0 ? row > this.row : row < this.row);
      if (erased) this.fill(row, 0, this.columns);
    }
  }

  private eraseRow(which: number): void {
    if (which === 0) this.fill(this.row, this.column, this.columns);
    if (which === 1) this.fill(this.row, 0, this.column + 1);
    if (which === 2) this.fill(this.row, 0, this.columns);
  }

  /** Moves what stands from the cursor on to the right, or to the left. */
  private shift(by: number): void {
    const row = this.cells[this.row] ?? [];
    const blanks = Array.from({ length: Math.abs(by) }, () => ' ');
    if (by > 0) row.splice(this.column, 0, ...blanks);
    else row.splice(this.column, -by);
    this.cells[this.row] = by > 0 ? row.slice(0, this.columns) : [...row, ...blanks].slice(0, this.columns);
  }
}
