package dev.behalf.contract;

/**
 * A group of jobs that share capacity. Each pool has its own queue order, so that jobs of one pool
 * never wait for those of another.
 *
 * @param name the name in the database
 */
public record Pool(String name) {

  /** Jobs that take microseconds and wait for no slot. */
  public static final Pool QUICK = new Pool("quick");

  /** Jobs that occupy a processor of compute-server for a while; processors are few. */
  public static final Pool COSTLY = new Pool("costly");

  private static final String OPERATION = "op:";

  /** Returns the pool of an operation whose engine has its own number of jobs at once. */
  public static Pool ofOperation(String operation) {
    return new Pool(OPERATION + operation);
  }

  /** Returns whether the pool belongs to one operation. */
  public boolean isOfOperation() {
    return name.startsWith(OPERATION);
  }

  /** Returns the operation of a pool that belongs to one. */
  public String operation() {
    return name.substring(OPERATION.length());
  }
}
