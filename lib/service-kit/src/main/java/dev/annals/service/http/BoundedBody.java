package dev.annals.service.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A counting {@link BodySubscriber}: a body in memory that fails with {@link OversizedAnswerException} when more comes
 * than is allowed, whatever length was announced, and takes the rest no more. ({@code BodyHandlers.limiting} would do
 * the same; JDK 21 lacks it.)
 */
final class BoundedBody implements BodySubscriber<byte[]> {

    private final BodySubscriber<byte[]> kept = BodySubscribers.ofByteArray();
    private final int limit;
    private @Nullable Subscription subscription;
    private long received;

    BoundedBody(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return kept.getBody();
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        subscription = upstream;
        kept.onSubscribe(upstream);
    }

    @Override
    public void onNext(List<ByteBuffer> part) {
        if (received > limit) {
            return; // on its way when the rest was cancelled
        }
        for (ByteBuffer each : part) {
            received += each.remaining();
        }
        if (received <= limit) {
            kept.onNext(part);
            return;
        }
        if (subscription != null) {
            subscription.cancel();
        }
        kept.onError(new OversizedAnswerException(limit));
    }

    @Override
    public void onError(Throwable failure) {
        kept.onError(failure);
    }

    @Override
    public void onComplete() {
        kept.onComplete();
    }
}
