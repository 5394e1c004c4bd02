package dev.behalf.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The entries of a list that comes in pages, each fetched when it is needed. */
final class Pages<T> implements Iterator<T> {

  /**
   * A page.
   *
   * @param next cursor of the page after; null for the last
   */
  record Page<T>(List<T> entries, @Nullable String next) {}

  private final Function<@Nullable String, Page<T>> fetch;
  private Iterator<T> page = Collections.emptyIterator();
  private @Nullable String cursor;
  private boolean isLast;

  private Pages(Function<@Nullable String, Page<T>> fetch) {
    this.fetch = fetch;
  }

  /** Returns all entries; the function gets the cursor of a page, and null for the first. */
  static <T> Stream<T> all(Function<@Nullable String, Page<T>> fetch) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(new Pages<>(fetch), Spliterator.ORDERED), false);
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !isLast) {
      var fetched = fetch.apply(cursor);
      page = fetched.entries().iterator();
      cursor = fetched.next();
      isLast = cursor == null;
    }
    return page.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }
}
