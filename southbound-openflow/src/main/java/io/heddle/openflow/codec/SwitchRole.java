package io.heddle.openflow.codec;

/// What a switch takes one of its controllers for (OpenFlow 1.4 §6.3.7), by OpenFlow's names.
///
/// A fresh connection is EQUAL: it hears everything and may change anything. At most one is MASTER,
/// and it alone hears of packets once the others are SLAVE, which read and change nothing.
public enum SwitchRole {
  EQUAL(1),
  MASTER(2),
  SLAVE(3);

  private final int number;

  SwitchRole(int number) {
    this.number = number;
  }

  static SwitchRole of(int number) throws UnreadableException {
    for (SwitchRole role : values()) {
      if (role.number == number) {
        return role;
      }
    }
    throw new UnreadableException("role %d".formatted(number));
  }
}
