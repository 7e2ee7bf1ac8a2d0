package io.heddle.node.fabric;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.heddle.core.model.HostId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.firewall.log.LoggedPacket;
import io.heddle.firewall.log.PolicyLogging.Remark;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.rest.spi.PolicyWatch.Logged;
import io.heddle.rest.spi.PolicyWatch.Tail;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What security groups have had logged of this node's hosts. The newest is kept, for a while and
/// so much of it; packets that are alike are one entry with a count. Each entry is a line in the
/// log of the node when it begins, and again when it has gone on for a minute.
///
/// Any thread may call, and none waits: what is told of is written down by a thread of its own, and
/// what comes faster than that is left out.
public final class PolicyJournal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("io.heddle.policy");

  /// Of all groups together: some megabytes.
  private static final int MAX_ENTRIES = 10_000;

  private static final Duration KEPT = Duration.ofHours(1);

  /// Some seconds of what ten busy hosts tell of.
  private static final int MAX_WAITING = 4_096;

  /// How long packets that are alike are one entry.
  private static final Duration ENTRY = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Cache<Subject, Logged> entries =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).expireAfterWrite(KEPT).build();

  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().name("heddle-policy-journal").daemon(true).factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /// What makes packets alike.
  private record Subject(HostId host, Remark remark, LoggedPacket packet) {}

  public PolicyJournal(InstantSource clock) {
    this.clock = clock;
  }

  /// A switch has told of a packet.
  public void told(HostId host, PacketIn packetIn) {
    Instant now = clock.instant();
    writer.execute(() -> read(host, packetIn).ifPresent(subject -> note(subject, now)));
  }

  private static Optional<Subject> read(HostId host, PacketIn packetIn) {
    return Remark.read(packetIn.userdata())
        .flatMap(remark ->
            LoggedPacket.read(packetIn.packet().toArray())
                .map(packet -> new Subject(host, remark, packet)));
  }

  private void note(Subject subject, Instant now) {
    Logged noted =
        entries
            .asMap()
            .compute(
                subject,
                (same, before) ->
                    before == null || before.first().plus(ENTRY).isBefore(now)
                        ? entry(same, now, now, 1)
                        : entry(same, before.first(), now, before.packets() + 1));
    if (noted.packets() == 1) {
      LOG.info(
          "policy group={} verdict={} direction={} host={} protocol={} source={} source-port={}"
              + " target={} target-port={}",
          subject.remark().group(),
          subject.remark().verdict().name().toLowerCase(Locale.ROOT),
          subject.remark().direction().name().toLowerCase(Locale.ROOT),
          subject.host(),
          subject.packet().protocol(),
          subject.packet().source(),
          subject.packet().sourcePort(),
          subject.packet().target(),
          subject.packet().targetPort());
    }
  }

  private static Logged entry(Subject subject, Instant first, Instant last, long packets) {
    return new Logged(
        first,
        last,
        packets,
        subject.host(),
        subject.remark().direction(),
        subject.remark().verdict(),
        subject.packet());
  }

  /// The newest entries of a group, newest first.
  public Tail tail(SecurityGroupId group, int limit) {
    List<Logged> found =
        entries.asMap().entrySet().stream()
            .filter(entry -> entry.getKey().remark().group().equals(group))
            .map(Map.Entry::getValue)
            .sorted(Comparator.comparing(Logged::last).reversed())
            .limit(limit)
            .toList();
    return new Tail(found, List.of());
  }

  @Override
  public void close() {
    writer.shutdownNow();
  }
}
