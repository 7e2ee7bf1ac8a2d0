package io.heddle.core.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One message on its way to one node: the only class of ours that Hazelcast carries. Run at the
/// other end, it hands itself over to the [HazelcastPeers] there and is done.
final class Delivery implements Runnable, IdentifiedDataSerializable, HazelcastInstanceAware {

  static final int FACTORY = 0x4864;

  /// The largest message: a request of a mebibyte, relayed, and what stands around it.
  static final int MAX_BYTES = 8 << 20;

  enum Kind {
    /// For whoever listens to the subject.
    NEWS,
    CALL,
    ANSWER,
    /// The answer to a call that failed: its message, as text.
    FAILURE
  }

  private Kind kind = Kind.NEWS;
  private String from = "";
  private String subject = "";
  private long number;
  private byte[] content = {};
  private transient @Nullable HazelcastPeers receiver;

  /// For Hazelcast, which then reads the fields.
  Delivery() {}

  /// @param from the sender's name
  /// @param number tells the calls of one node apart; an answer bears its call's
  Delivery(Kind kind, String from, String subject, long number, byte[] content) {
    this.kind = kind;
    this.from = from;
    this.subject = subject;
    this.number = number;
    this.content = content;
  }

  Kind kind() {
    return kind;
  }

  String subject() {
    return subject;
  }

  long number() {
    return number;
  }

  byte[] content() {
    return content;
  }

  String from() {
    return from;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    receiver = (HazelcastPeers) instance.getUserContext().get(HazelcastPeers.CONTEXT);
  }

  @Override
  public void run() {
    HazelcastPeers peers = receiver;
    if (peers != null) {
      peers.received(this);
    }
  }

  @Override
  public int getFactoryId() {
    return FACTORY;
  }

  @Override
  public int getClassId() {
    return 1;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(kind.name());
    out.writeString(subject);
    out.writeString(from);
    out.writeLong(number);
    out.writeByteArray(content);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    kind = kind(text(in.readString()));
    subject = text(in.readString());
    from = text(in.readString());
    number = in.readLong();
    byte[] bytes = in.readByteArray();
    if (bytes == null || bytes.length > MAX_BYTES) {
      throw new IOException("a message without content, or of more than " + MAX_BYTES + " bytes");
    }
    content = bytes;
  }

  private static Kind kind(String name) throws IOException {
    try {
      return Kind.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IOException("a message of the unknown kind '%s'".formatted(name), e);
    }
  }

  private static String text(@Nullable String read) throws IOException {
    if (read == null) {
      throw new IOException("a message without subject or sender");
    }
    return read;
  }

  static DataSerializableFactory factory() {
    return id -> {
      if (id != 1) {
        throw new IllegalArgumentException("no message has class id " + id);
      }
      return new Delivery();
    };
  }
}
