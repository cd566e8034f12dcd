// Sound on the page: files of samples, spectrograms, and the player that both tabs use.
import { make, clock } from '/kit.js'

/** The rate of what is drawn, in hertz. */
const RATE = 16000

/** A WAV file of one channel of 16-bit samples. */
export function wav(samples, rate) {
  const header = new DataView(new ArrayBuffer(44))
  const text = (at, letters) => [...letters].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)))
  const byteCount = samples.length * 2
  text(0, 'RIFF')
  header.setUint32(4, 36 + byteCount, true)
  text(8, 'WAVEfmt ')
  header.setUint32(16, 16, true)
  header.setUint16(20, 1, true)
  header.setUint16(22, 1, true)
  header.setUint32(24, rate, true)
  header.setUint32(28, rate * 2, true)
  header.setUint16(32, 2, true)
  header.setUint16(34, 16, true)
  text(36, 'data')
  header.setUint32(40, byteCount, true)
  return new Blob([header, samples], { type: 'audio/wav' })
}

/** Several blocks of samples as one. */
export function joined(blocks) {
  const all = new Int16Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks) {
    all.set(block, at)
    at += block.length
  }
  return all
}

/** The samples of a file, one channel at RATE; throws where the browser cannot decode it. */
async function decoded(blob) {
  const context = new OfflineAudioContext(1, 1, RATE)
  const sound = await context.decodeAudioData(await blob.arrayBuffer())
  const samples = sound.getChannelData(0).slice()
  for (let channel = 1; channel < sound.numberOfChannels; channel++) {
    sound.getChannelData(channel).forEach((value, index) => { samples[index] += value })
  }
  return samples
}

const SIZE = 512
const window_ = Float32Array.from({ length: SIZE }, (_, n) => 0.5 - 0.5 * Math.cos(2 * Math.PI * n / SIZE))
const cosines = Float32Array.from({ length: SIZE / 2 }, (_, k) => Math.cos(2 * Math.PI * k / SIZE))
const sines = Float32Array.from({ length: SIZE / 2 }, (_, k) => -Math.sin(2 * Math.PI * k / SIZE))
const order = Uint16Array.from({ length: SIZE }, (_, n) => {
  let reversed = 0
  for (let bit = 1; bit < SIZE; bit *= 2) reversed = reversed * 2 + (n & bit ? 1 : 0)
  return reversed
})
const real = new Float32Array(SIZE)
const imaginary = new Float32Array(SIZE)

/** The power spectrum around a sample (radix-2 FFT, Hann window), added to `power`. */
function addSpectrum(samples, centre, power) {
  const start = centre - SIZE / 2
  for (let n = 0; n < SIZE; n++) {
    real[order[n]] = (samples[start + n] ?? 0) * window_[n]
    imaginary[order[n]] = 0
  }
  for (let length = 2; length <= SIZE; length *= 2) {
    const half = length / 2
    for (let first = 0; first < SIZE; first += length) {
      for (let k = 0; k < half; k++) {
        const [a, b, turn] = [first + k, first + k + half, k * SIZE / length]
        const r = real[b] * cosines[turn] - imaginary[b] * sines[turn]
        const i = real[b] * sines[turn] + imaginary[b] * cosines[turn]
        real[b] = real[a] - r
        imaginary[b] = imaginary[a] - i
        real[a] += r
        imaginary[a] += i
      }
    }
  }
  for (let bin = 0; bin <= SIZE / 2; bin++) power[bin] += real[bin] ** 2 + imaginary[bin] ** 2
}

const mel = hertz => 1127 * Math.log(1 + hertz / 700)
const hertz = mel => 700 * (Math.exp(mel / 1127) - 1)

/** Log-mel energies in 0...1, [columns × bands], band 0 the lowest; 1 is the loudest. */
function energies(samples, columns, bands) {
  const places = Array.from({ length: bands }, (_, band) =>
    hertz(mel(60) + (mel(RATE / 2 - 100) - mel(60)) * band / (bands - 1)) * SIZE / RATE)
  const values = new Float32Array(columns * bands)
  const power = new Float32Array(SIZE / 2 + 1)
  const step = samples.length / columns
  const looks = Math.min(4, Math.max(1, Math.round(step / 128)))
  for (let column = 0; column < columns; column++) {
    power.fill(0)
    for (let look = 0; look < looks; look++) {
      addSpectrum(samples, Math.round((column + (look + 0.5) / looks) * step), power)
    }
    places.forEach((place, band) => {
      const [low, part] = [Math.floor(place), place % 1]
      values[column * bands + band] = 10 * Math.log10((power[low] * (1 - part) + power[low + 1] * part) / looks + 1e-7)
    })
  }
  const loudest = Math.max(-10, values.toSorted()[Math.floor(values.length * 0.998)] ?? 0)
  return values.map(value => Math.min(1, Math.max(0, (value - loudest + 62) / 62)))
}

/** The colours of the page's theme between which a spectrogram is drawn, 256 of them. */
function palette() {
  const style = getComputedStyle(document.documentElement)
  const stops = ['--sound-0', '--sound-1', '--sound-2', '--sound-3'].map(name => {
    const colour = Number.parseInt(style.getPropertyValue(name).trim().slice(1), 16)
    return [colour >> 16, colour >> 8 & 255, colour & 255]
  })
  return Array.from({ length: 256 }, (_, index) => {
    const place = index / 255 * (stops.length - 1)
    const first = Math.min(stops.length - 2, Math.floor(place))
    return stops[first].map((value, part) => value + (stops[first + 1][part] - value) * (place - first))
  })
}

/** A spectrogram that is played by a click, with a button and the time. */
export class Player {
  #audio = new Audio()
  #canvas = make('canvas', { height: 1, width: 1 })
  #band = make('div', { className: 'band', hidden: true })
  #head = make('div', { className: 'head' })
  #axis = make('div', { className: 'axis', ariaHidden: 'true' })
  #strip = make('div', { className: 'letters', ariaHidden: 'true', hidden: true })
  #letters = []
  #time = make('span', { className: 'time' })
  #button = make('button', { className: 'play', type: 'button', ariaLabel: 'Play' })
  #picture = make('div', { className: 'picture', tabIndex: 0, role: 'slider', ariaLabel: 'Position in the sound' }, this.#canvas, this.#band, this.#head)
  #samples
  #end = Infinity
  #url
  #seconds = 0
  /** Is told the time in seconds while it plays, and when it moves. */
  onTime = () => {}
  /** Is told the time that the pointer is over, and null when it leaves. */
  element = make('div', { className: 'player' },
    this.#button, make('div', { className: 'stage' }, this.#picture, this.#strip, this.#axis), this.#time)

  constructor() {
    this.#button.onclick = () => this.toggle()
    this.#picture.onpointerdown = event => {
      const box = this.#picture.getBoundingClientRect()
      const move = event => this.seek((event.clientX - box.left) / box.width * this.#seconds)
      this.#picture.setPointerCapture(event.pointerId)
      this.#picture.onpointermove = move
      this.#picture.onpointerup = () => { this.#picture.onpointermove = null }
      move(event)
    }
    this.#picture.onkeydown = event => {
      const to = { ArrowLeft: this.time - 1, ArrowRight: this.time + 1, Home: 0, End: this.#seconds }[event.key]
      if (to !== undefined) this.seek(to)
      else if (event.key === ' ' || event.key === 'Enter') this.toggle()
      else return
      event.preventDefault()
    }
    this.#audio.onplay = () => this.#show(true)
    this.#audio.onpause = () => this.#show(false)
    this.#audio.onended = () => this.#show(false)
    new ResizeObserver(() => this.#draw()).observe(this.#picture)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw())
  }

  /** Takes a file. */
  async load(blob) {
    this.pause()
    this.close()
    this.#url = URL.createObjectURL(blob)
    this.#audio.src = this.#url
    this.element.classList.remove('mute')
    this.#samples = null
    this.#seconds = 0
    this.mark(null)
    this.spell([])
    try {
      this.#samples = await decoded(blob)
      this.#seconds = this.#samples.length / RATE
    } catch {
      this.element.classList.add('mute')
    }
    this.#draw()
    this.#tick()
  }

  /** Lets go of the file. */
  close() {
    this.pause()
    this.#audio.removeAttribute('src')
    if (this.#url) URL.revokeObjectURL(this.#url)
    this.#url = null
  }

  get time() { return this.#audio.currentTime }
  get seconds() { return this.#seconds }
  get isPlaying() { return !this.#audio.paused && !this.#audio.ended }

  /** Plays from a time, to another where there is one. */
  play(from = this.time, to = Infinity) {
    this.#end = to
    this.#audio.currentTime = Math.max(0, from)
    this.#audio.play().catch(() => {})
  }

  pause() { this.#audio.pause() }

  toggle() {
    if (this.isPlaying) this.pause()
    else this.play(this.#audio.ended || this.time > this.#seconds - 0.05 ? 0 : this.time)
  }

  seek(seconds) {
    this.#end = Infinity
    this.#audio.currentTime = Math.min(Math.max(0, seconds), this.#seconds || 0)
    this.#tick()
  }

  /** Marks a stretch of the sound; null for none. */
  mark(stretch) {
    this.#band.hidden = !stretch || !this.#seconds
    if (this.#band.hidden) return
    this.#band.style.left = `${stretch.start / this.#seconds * 100}%`
    this.#band.style.width = `${(stretch.end - stretch.start) / this.#seconds * 100}%`
  }

  /** Shows letters with their times under the spectrogram. */
  spell(letters) {
    this.#letters = letters
    this.#strip.hidden = !letters.length
    this.#draw()
  }

  #show(plays) {
    this.#button.classList.toggle('plays', plays)
    this.#button.ariaLabel = plays ? 'Pause' : 'Play'
    if (plays) this.#run()
  }

  #run() {
    this.#tick()
    if (!this.isPlaying) return
    if (this.time >= this.#end) this.pause()
    else requestAnimationFrame(() => this.#run())
  }

  #tick() {
    const time = this.time
    this.#head.style.left = `${this.#seconds ? time / this.#seconds * 100 : 0}%`
    this.#time.textContent = `${clock(time)} / ${clock(this.#seconds)}`
    this.#picture.ariaValueMin = '0'
    this.#picture.ariaValueMax = this.#seconds.toFixed(1)
    this.#picture.ariaValueNow = time.toFixed(1)
    this.#picture.ariaValueText = `${time.toFixed(1)} of ${this.#seconds.toFixed(1)} seconds`
    this.onTime(time)
  }

  #draw() {
    const box = this.#picture.getBoundingClientRect()
    if (!box.width || !this.#samples?.length) return
    const [width, height] = [Math.min(2000, Math.round(box.width * devicePixelRatio)), 96]
    if (this.drawn?.samples !== this.#samples || this.drawn.width !== width) {
      this.drawn = { samples: this.#samples, width, values: energies(this.#samples, width, height) }
    }
    const colours = palette()
    const image = new ImageData(width, height)
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        const colour = colours[Math.round(this.drawn.values[x * height + height - 1 - y] * 255)]
        image.data.set([...colour, 255], (y * width + x) * 4)
      }
    }
    this.#canvas.width = width
    this.#canvas.height = height
    this.#canvas.getContext('2d').putImageData(image, 0, 0)
    this.#drawAxis(box.width)
    this.#drawLetters(box.width)
  }

  #drawLetters(width) {
    let free = 0
    const shown = []
    for (const { text, start, end } of this.#letters) {
      const middle = (start + end) / 2 / this.#seconds * width
      // Letters that would cover others are moved a little, or omitted.
      const place = Math.max(middle, free)
      if (place - middle > 12) continue
      free = place + 6
      const letter = make('span', {}, text)
      letter.style.left = `${place / width * 100}%`
      shown.push(letter)
    }
    this.#strip.replaceChildren(...shown)
  }

  #drawAxis(width) {
    const step = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800].find(step => step / this.#seconds * width >= 56) ?? 3600
    const marks = []
    for (let time = 0; time < this.#seconds - step * 0.3; time += step) {
      const mark = make('span', {}, step < 1 ? time.toFixed(1) : clock(time))
      mark.style.left = `${time / this.#seconds * 100}%`
      marks.push(mark)
    }
    this.#axis.replaceChildren(...marks)
  }
}
