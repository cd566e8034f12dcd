/// How the names of sound files end: what this module reads, and what ffmpeg decodes for it or it
/// can name as sound, so that such clips are reported rather than overlooked.
package let audioEndings: Set<String> = [
  "wav", "wave", "w64", "rf64", "bwf", "flac", "ogg", "oga", "opus", "mp3", "mp2", "mpga", "aif",
  "aiff", "aifc", "au", "snd", "caf", "sph", "voc",
  "aac", "m4a", "m4b", "mp4", "m4v", "mov", "3gp", "3gpp", "3g2", "webm", "weba", "mkv", "mka",
  "amr", "awb", "wma", "wmv", "asf", "avi", "flv", "ogv", "ogx", "spx", "ac3", "eac3", "dts", "ape",
  "wv", "tta", "tak", "mpc", "ra", "qcp",
]
