package io.heddle.node.tls;

import io.heddle.core.model.NodeName;
import io.heddle.core.tls.Bearer;
import io.heddle.core.tls.PeerTls;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's TLS: what it shows and whom it believes, always by the newest files that can be used.
///
/// The files are looked at every few seconds. Once they have changed and stayed so for one look,
/// they are read; what can't be used is refused with a log line, and what was in use stays.
public final class NodeTls implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration WARN_BEFORE = Duration.ofDays(30);
  private static final Duration WARN_EVERY = Duration.ofDays(1);

  /// Open vSwitch with an old OpenSSL speaks 1.2.
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final TlsFiles files;
  private final NodeName node;
  private final InstantSource clock;
  private final NewestKeys keys;
  private final SslContext fromHosts = new NewestContext(() -> this.contexts.fromHosts());
  private final SslContext toHosts = new NewestContext(() -> this.contexts.toHosts());
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heddle-tls-files").daemon(true).factory());
  private volatile TlsFiles.Credentials credentials;
  private volatile Contexts contexts;
  private String used;
  private String seen;
  private Instant warnAfter = Instant.MIN;
  private final AtomicLong refusals = new AtomicLong();

  private record Contexts(SslContext fromHosts, SslContext toHosts) {}

  private NodeTls(TlsFiles files, NodeName node, InstantSource clock) throws IOException {
    this.files = files;
    this.node = node;
    this.clock = clock;
    used = files.fingerprint();
    seen = used;
    credentials = files.read(node, clock.instant());
    keys = new NewestKeys(credentials.keys());
    contexts = contexts();
  }

  /// Reads the files, and watches them from now on.
  ///
  /// @throws IOException when they can't be used, with what would help
  public static NodeTls start(TlsFiles files, NodeName node, InstantSource clock)
      throws IOException {
    return start(files, node, clock, LOOK_EVERY);
  }

  static NodeTls start(TlsFiles files, NodeName node, InstantSource clock, Duration every)
      throws IOException {
    NodeTls tls = new NodeTls(files, node, clock);
    LOG.info(
        "event=tls certificate={} serial={} until={}",
        files.certificate(),
        tls.serial(),
        tls.validUntil());
    var _ =
        tls.watcher.scheduleWithFixedDelay(tls::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    return tls;
  }

  private void look() {
    try {
      String now = files.fingerprint();
      boolean settled = now.equals(seen);
      seen = now;
      if (settled && !now.equals(used)) {
        used = now;
        reload();
      }
      warnOfExpiry();
    } catch (RuntimeException e) {
      LOG.error("event=tls-watch-failed", e);
    }
  }

  private void reload() {
    try {
      credentials = files.read(node, clock.instant());
      keys.replace(credentials.keys());
      contexts = contexts();
      LOG.info("event=tls-reloaded serial={} until={}", serial(), validUntil());
      warnAfter = Instant.MIN;
    } catch (IOException e) {
      refusals.incrementAndGet();
      LOG.error(
          "event=tls-files-refused cause=\"{}\" serial={} stays in use", e.getMessage(), serial());
    }
  }

  private void warnOfExpiry() {
    Instant now = clock.instant();
    if (now.isAfter(validUntil().minus(WARN_BEFORE)) && now.isAfter(warnAfter)) {
      warnAfter = now.plus(WARN_EVERY);
      LOG.warn(
          "event=certificate-expires certificate={} until={}", files.certificate(), validUntil());
    }
  }

  private Contexts contexts() throws SSLException {
    BearerTrust hosts = trust(Bearer.OfHost.class);
    return new Contexts(
        SslContextBuilder.forServer(keys)
            .sslProvider(SslProvider.JDK)
            .protocols(PROTOCOLS)
            .trustManager(hosts)
            .clientAuth(ClientAuth.REQUIRE)
            .build(),
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(PROTOCOLS)
            .keyManager(keys)
            .trustManager(hosts)
            .endpointIdentificationAlgorithm(null) // a host is known by its system-id
            .build());
  }

  private BearerTrust trust(Class<? extends Bearer> wanted) {
    return new BearerTrust(() -> credentials.trust(), wanted);
  }

  /// For listeners to which hosts connect: believes hosts' certificates, and wants one.
  public SslContext fromHosts() {
    return fromHosts;
  }

  /// For dialling hosts that listen.
  public SslContext toHosts() {
    return toHosts;
  }

  /// For connections to other nodes and from them.
  public PeerTls peers() {
    return new PeerTls(keys, trust(Bearer.OfNode.class));
  }

  /// What the API shows its clients.
  public X509ExtendedKeyManager api() {
    return keys;
  }

  public Instant validUntil() {
    return credentials.certificate().getNotAfter().toInstant();
  }

  /// The serial number of the certificate in use, in hexadecimal.
  public String serial() {
    return credentials.certificate().getSerialNumber().toString(16);
  }

  /// How often changed files could not be used.
  public long refusals() {
    return refusals.get();
  }

  @Override
  public void close() {
    watcher.shutdownNow();
  }
}
