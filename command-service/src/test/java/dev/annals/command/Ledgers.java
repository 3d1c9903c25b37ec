package dev.annals.command;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.service.Service;
import dev.annals.service.Settings;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Two releases of a domain for tests, whose states have different shapes. An event says what state its decider was
 * given, so that everybody can see whether it was the right one.
 */
final class Ledgers {

    static final String NAME = "ledgers";
    static final String FIRST = "ledgers/first";
    static final String SECOND = "ledgers/second";

    private Ledgers() {}

    /** A command service as a process; the first argument says which release, the others are {@code key=value}. */
    public static void main(String[] args) {
        Map<String, String> settings = Arrays.stream(args)
                .skip(1)
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        Service.main(
                "command-service",
                service -> ListedDomains.with(args[0], () -> CommandService.start(service, Settings.of(settings))));
    }

    sealed interface Command {}

    record Post(long amount, int times) implements Command {}

    sealed interface Event {}

    record Posted(long amount, String seen) implements Event {}

    /** The sum. */
    record Sum(long total) {

        Sum plus(long amount) {
            return new Sum(total + amount);
        }
    }

    /** The sum, and which postings made it. */
    record Book(long total, long postings, long largest) {

        Book plus(long amount) {
            return new Book(total + amount, postings + 1, Math.max(largest, amount));
        }
    }

    private static Decision<Event> post(Command command, Record seen) {
        return switch (command) {
            case Post post ->
                new Decision.Accepted<>(Collections.nCopies(post.times, new Posted(post.amount, seen.toString())));
        };
    }

    private static final class FirstRules implements Decider<Command, Sum, Event> {
        @Override
        public Sum initial() {
            return new Sum(0);
        }

        @Override
        public Decision<Event> decide(Command command, Sum sum) {
            return post(command, sum);
        }

        @Override
        public Sum evolve(Sum sum, Event event) {
            return switch (event) {
                case Posted posted -> sum.plus(posted.amount);
            };
        }
    }

    private static final class SecondRules implements Decider<Command, Book, Event> {
        @Override
        public Book initial() {
            return new Book(0, 0, 0);
        }

        @Override
        public Decision<Event> decide(Command command, Book book) {
            return post(command, book);
        }

        @Override
        public Book evolve(Book book, Event event) {
            return switch (event) {
                case Posted posted -> book.plus(posted.amount);
            };
        }
    }

    private static <S extends Record> AggregateType<?, ?, ?> type(Class<S> state, Decider<Command, S, Event> decider) {
        return AggregateType.named(NAME, decider)
                .commands(Command.class)
                .events(Event.class)
                .state(state)
                .createdBy(Post.class)
                .build();
    }

    /** Found by a service that is told so with {@link ListedDomains}. */
    public static final class First implements Domain {
        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return type(Sum.class, new FirstRules());
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of();
        }
    }

    /** As the first, with the other state. */
    public static final class Second implements Domain {
        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return type(Book.class, new SecondRules());
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of();
        }
    }
}
