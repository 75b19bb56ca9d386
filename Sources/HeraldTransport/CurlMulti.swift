import CCurl

/// libcurl's handle for many transfers at once, and the connections that it keeps. Everything but `wake` is for the one thread that owns it.
struct CurlMulti: ~Copyable {
    private let handle: UnsafeMutableRawPointer

    /// libcurl is set up once for the process, and never taken down. Nil where it cannot be.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init?(connections: Int) {
        guard CurlMulti.isReady, let handle = curl_multi_init() else { return nil }
        self.handle = handle
        _ = herald_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, connections)
    }

    /// Ends what is left of the sessions politely.
    deinit { curl_multi_cleanup(handle) }

    /// Another thread ends `wait` through it, while the handle lives.
    var waker: Waker { Waker(handle: handle) }

    struct Waker: @unchecked Sendable {
        // curl_multi_wakeup is the one function that may be called from any thread.
        fileprivate let handle: UnsafeMutableRawPointer

        func wake() { _ = curl_multi_wakeup(handle) }
    }

    func add(_ easy: UnsafeMutableRawPointer) -> Bool { curl_multi_add_handle(handle, easy) == CURLM_OK }

    func remove(_ easy: UnsafeMutableRawPointer) { _ = curl_multi_remove_handle(handle, easy) }

    func perform() {
        var running: Int32 = 0
        _ = curl_multi_perform(handle, &running)
    }

    /// Until something can go on, somebody wakes it, or the time is over.
    func wait(milliseconds: Int32) { _ = curl_multi_poll(handle, nil, 0, milliseconds, nil) }

    /// The next transfer that ended, and with what.
    func nextEnded() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            if message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle { return (easy, herald_curl_result(message)) }
        }
        return nil
    }
}
