internal import HummingbirdCore
internal import HummingbirdTLS
internal import NIOSSL

/// Why connections cannot be encrypted.
public enum EncryptionError: Error, Equatable, CustomStringConvertible {
  /// A file holds no certificate, or no key, in PEM.
  case unreadable(path: String, role: String)
  /// The key is not that of the certificate.
  case mismatch(certificate: String, key: String)

  /// What is wrong, and what helps.
  public var description: String {
    switch self {
    case .unreadable(let path, let role):
      "\(path): no \(role) in PEM can be read from it; give a file that begins with -----BEGIN"
    case .mismatch(let certificate, let key):
      "\(key): the key does not belong to the certificate in \(certificate); give the key that it "
        + "was made with"
    }
  }
}

extension ServerOptions {
  /// Whether HTTP and WebSockets are encrypted.
  public var isEncrypted: Bool { tlsCertificate != nil && tlsKey != nil }

  /// How a channel is encrypted by the files of the options; itself where there are none.
  ///
  /// - Throws: `EncryptionError`.
  func encrypted(_ channel: UpgradingChannel) throws(EncryptionError) -> any ServerChildChannel {
    guard let tlsCertificate, let tlsKey else { return channel }
    guard let chain = try? NIOSSLCertificate.fromPEMFile(tlsCertificate), !chain.isEmpty else {
      throw .unreadable(path: tlsCertificate, role: "certificate")
    }
    guard let key = try? NIOSSLPrivateKey(file: tlsKey, format: .pem) else {
      throw .unreadable(path: tlsKey, role: "key")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.applicationProtocols = ["http/1.1"]
    guard let channel = try? TLSChannel(channel, tlsConfiguration: configuration) else {
      throw .mismatch(certificate: tlsCertificate, key: tlsKey)
    }
    return channel
  }
}
