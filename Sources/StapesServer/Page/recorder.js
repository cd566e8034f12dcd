// Runs on the audio thread: hands on the microphone's samples as 16-bit integers, a tenth of a second
// at a time, with their highest level.
class Recorder extends AudioWorkletProcessor {
  constructor() {
    super()
    this.block = new Int16Array(Math.round(sampleRate / 10))
    this.filled = 0
    this.level = 0
    this.port.onmessage = () => {
      this.send()
      this.port.postMessage({ done: true })
      this.ended = true
    }
  }

  send() {
    const samples = this.block.slice(0, this.filled)
    this.port.postMessage({ samples, level: this.level }, [samples.buffer])
    this.filled = 0
    this.level = 0
  }

  process([channels]) {
    if (this.ended) return false
    const count = channels.length ? channels[0].length : 0
    for (let index = 0; index < count; index++) {
      let value = 0
      for (const channel of channels) value += channel[index] / channels.length
      value = Math.max(-1, Math.min(1, value))
      this.level = Math.max(this.level, Math.abs(value))
      this.block[this.filled++] = Math.round(value * 32767)
      if (this.filled === this.block.length) this.send()
    }
    return true
  }
}

registerProcessor('recorder', Recorder)
