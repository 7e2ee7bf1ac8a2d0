package io.heddle.vpc.ra;

import io.heddle.core.model.Ipv6Address;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Image;
import io.heddle.vpc.frame.Asker;
import io.heddle.vpc.frame.Ipv6Datagram;
import io.heddle.vpc.frame.Ipv6Frame;
import java.util.List;
import java.util.Optional;

/// Answers router solicitations (RFC 4861 §6.2.6): a machine that starts up is told its router at
/// once.
public final class RouterSolicitations implements PuntHandler {

  public static final byte CODE = 2;

  private static final int SOLICITATION = 133;
  private static final int SHORTEST = 8;
  private static final int OWN_LINK = 255;

  @Override
  public byte code() {
    return CODE;
  }

  @Override
  public List<Answer> answer(Image image, Punt punt) {
    return Ipv6Datagram.parse(punt.frame())
        .filter(RouterSolicitations::isSolicitation)
        .flatMap(asked -> answer(image, punt, asked))
        .map(frame -> List.of(new Answer(punt.ofport(), frame)))
        .orElse(List.of());
  }

  private static Optional<byte[]> answer(Image image, Punt punt, Ipv6Datagram asked) {
    // Who has no address yet can only be told with everybody.
    Ipv6Frame way =
        asked.source().equals(Ipv6Address.UNSPECIFIED)
            ? Ipv6Frame.TO_ALL_NODES
            : new Ipv6Frame(asked.sender(), asked.source());
    return Asker.of(image, punt, asked.sender())
        .flatMap(asker -> RouterAdvertisement.message(asker.port(), asker.subnet()))
        .map(way::icmp);
  }

  private static boolean isSolicitation(Ipv6Datagram packet) {
    return packet.protocol() == Ipv6Datagram.ICMPV6
        && packet.hopLimit() == OWN_LINK
        && packet.payload().limit() >= SHORTEST
        && packet.payload().get(0) == (byte) SOLICITATION
        && packet.payload().get(1) == 0;
  }
}
