import HeraldAudience
import HeraldModel

/// Who is on some lists at any moment, by the contact data as it is now: read once and whole, as other rows match at other times.
package struct AudiencesAhead: Sendable {
    private let stage: AudienceStage
    private let lists: [ResolvedList]
    private let data: ContactData

    /// Nil after reporting what cannot be read.
    /// - Parameter results: reads what happened to people (`Refresh.results`).
    init?(_ stage: AudienceStage, _ lists: [ResolvedList], results: (ResultsWanted) async -> Results?) async {
        guard let needs = await stage.apart({ $0.needs(lists, whole: true) }), let results = await results(needs.results),
            let data = await stage.apart({ $0.read(lists, needs) })
        else { return nil }
        self.stage = stage
        self.lists = lists
        self.data = stage.adding(results, to: data)
    }

    /// Nil after reporting what cannot be decided.
    /// - Parameter wanted: only these of the lists that were read.
    func audiences(at instant: Instant, of wanted: Set<String>) -> Audiences? {
        stage.decide(lists.filter { wanted.contains($0.definition.id.value) }, data, at: instant)
    }
}
